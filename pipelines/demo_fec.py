"""The demo's ledger made the way a seller's is: from FEC files and register extracts, nothing else.

Owns how the simulated portfolio is handed over: what the books hold as one FEC a year, what registers publish
as CSV extracts with their mappings. Disputes, insurance and agreed terms stay behind: neither tells them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.ledger import TABLES
from models.ledger_files import read_ledger
from pipelines.sources.demo import simulate
from pipelines.sources.fec.generating import write_years
from pipelines.sources.fec.importing import import_fec
from pipelines.sources.mapping.importing import import_files

if TYPE_CHECKING:
    from pathlib import Path

    from models.ledger import Ledger
    from pipelines.params import SimulateParams
    from pipelines.sources.fec.summary import FecSummary

PUBLIC_FACTS = (
    "customer_id",
    "siren",
    "country",
    "naf",
    "legal_form",
    "headcount",
    "created_on",
    "natural_person",
)
"""What Sirene says of a company, under the seller's number for it."""


def ledger_from_fec(made: SimulateParams, folder: Path) -> tuple[Ledger, FecSummary]:
    """Simulate a portfolio, write it as FEC files and register extracts, and import those.

    Parameters
    ----------
    folder
        Where the files (`fec`, `registers`) and the ledger (`ledger_fec`) go.
    """
    simulated, _ = simulate(made.customers, made.months, made.seed)
    place = folder / "ledger_fec"
    summary = import_fec(write_years(simulated, folder / "fec"), place)
    for name in ("customers", "filings", "accounts"):
        _import_extract(simulated, name, folder / "registers", place)
    return read_ledger(place), summary


def _import_extract(simulated: Ledger, name: str, folder: Path, ledger: Path) -> None:
    """Write what a register publishes as a CSV with its mapping, and import it, if anything."""
    frame = simulated.table(name)
    if frame.empty:
        return
    columns = [
        column.name
        for column in TABLES[name].columns
        if frame[column.name].notna().any() and (name != "customers" or column.name in PUBLIC_FACTS)
    ]
    folder.mkdir(parents=True, exist_ok=True)
    extract, mapping = folder / f"{name}.csv", folder / f"{name}.toml"
    frame[columns].to_csv(extract, index=False, date_format="%Y-%m-%d")
    lines = [f"[[{name}]]", *(f'{column} = "{column}"' for column in columns)]
    mapping.write_text("\n".join(lines) + "\n", encoding="utf-8")
    import_files(mapping, [extract], ledger)
