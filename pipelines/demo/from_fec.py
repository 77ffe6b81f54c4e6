"""The demo's ledger built as a seller's: from FEC files, registers and an insurer's list alone.

Owns the export of the simulated portfolio: bookkeeping as one FEC per year, register and insurance data in
their own formats, and the seller's list of customers' SIRENs, which a FEC lacks. All are imported by the code
behind the commands. Disputes and agreed terms are lost, as no source contains them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.ledger.files import read_ledger
from models.ledger.ledger import last_event
from models.ledger.versions import writing
from pipelines.demo.fec import write_years
from pipelines.demo.simulator import simulate
from pipelines.sources.fec.importing import import_fec
from pipelines.sources.mapping.importing import import_files
from pipelines.sources.registers.generating import write_extracts
from pipelines.sources.registers.legal_notices import import_notices
from pipelines.sources.registers.legal_units import import_legal_units
from pipelines.sources.registers.plain import import_plain
from pipelines.sources.registers.yearly_accounts import import_accounts

if TYPE_CHECKING:
    from pathlib import Path

    from models.ledger.ledger import Ledger
    from pipelines.sources.fec.summary import FecSummary
    from pipelines.training.params import SimulateParams

LIST = """\
# The seller's own list of its customers: their numbers in the books, and which companies they are.
[file]
separator = ";"

[[customers]]
customer_id = "Compte client"
siren = "SIREN"
"""


def ledger_from_fec(made: SimulateParams, folder: Path) -> tuple[Ledger, FecSummary]:
    """Simulate a portfolio, write it as FEC files and register extracts, and import those.

    Parameters
    ----------
    folder
        Folder of the files (`fec`, `registers`) and the ledger (`ledger_fec`).
    """
    simulated, _ = simulate(made.customers, made.months, made.seed)
    place = folder / "ledger_fec"
    with writing(place) as draft:
        # An earlier demo may have written here: its years are replaced.
        summary = import_fec(write_years(simulated, folder / "fec"), draft, replace_year=True)
        _import_list(simulated, folder, draft)
        _import_extracts(simulated, folder / "registers", draft)
    return read_ledger(place), summary


def _import_list(simulated: Ledger, folder: Path, ledger: Path) -> None:
    path, mapping = folder / "clients.csv", folder / "clients.toml"
    named = simulated.customers[["customer_id", "siren"]]
    named.set_axis(["Compte client", "SIREN"], axis=1).to_csv(path, sep=";", index=False)
    mapping.write_text(LIST, encoding="utf-8")
    import_files(mapping, [path], ledger)


def _import_extracts(simulated: Ledger, folder: Path, ledger: Path) -> None:
    """Import register data; notices come before accounts, as they date their publication."""
    extracts, day = write_extracts(simulated, folder), last_event(simulated)
    import_legal_units([extracts.stock], ledger, day)
    import_notices([extracts.notices], ledger)
    import_accounts([extracts.ratios, *extracts.sheets], ledger, day)
    if extracts.insurance is not None:
        import_plain("insurance", extracts.insurance, ledger)
