"""A ledger's folder converted to euros into another one, with all that stands beside its tables.

Amounts are `models.ledger_currency`'s. The ledger in its own currencies stays as it is: imports go on there,
and it is converted again after them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.entity_files import append_decision, read_decisions
from models.errors import LedgerError
from models.ledger_currency import in_euros
from models.ledger_files import read_ledger
from pipelines.sources.registers.notice_file import keep_notices, read_notices
from pipelines.sources.registers.portfolio import save

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from models.currency import RateTable

ORIGINALS = "originals.parquet"


def convert_folder(folder: Path, rates: RateTable, out: Path) -> pd.DataFrame:
    """Write a ledger in euros, with the notices and the decisions on entities that stand beside the first.

    Returns
    -------
        What amounts were, of `models.ledger_currency.Converted`; it stands in `originals.parquet`, too.

    Raises
    ------
    LedgerError
        The ledger cannot be read, the folder cannot be written, or both are one.
    RateError
        A rate is missing; nothing is written.
    """
    if out.resolve() == folder.resolve():
        raise LedgerError(f"{out} is the ledger itself; give --out another folder, for its amounts stay")
    made = in_euros(read_ledger(folder), rates)
    known = set(read_decisions(out))
    decided = [one for one in read_decisions(folder) if one not in known]
    save(made.ledger, out)
    try:
        made.originals.to_parquet(out / ORIGINALS, index=False)
        for decision in decided:
            append_decision(out, decision)
    except OSError as error:
        raise LedgerError(f"{out} cannot be written: {error.strerror}") from error
    keep_notices(out, read_notices(folder))
    return made.originals
