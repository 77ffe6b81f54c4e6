"""Conversion of a ledger's folder to euros, with its side files.

Amounts are `models.ledger.conversion`'s. The ledger in its own currencies stays as it is: imports go on
there, and it is converted again after them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.errors import LedgerError
from models.ledger.conversion import in_euros
from models.ledger.decision_file import append_decision, read_decisions
from models.ledger.files import read_ledger
from models.ledger.versions import reading, writing
from pipelines.sources.registers.notice_file import keep_notices, read_notices
from pipelines.sources.registers.portfolio import save

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from models.ledger.conversion import Converted
    from models.ledger.currency import ExchangeRateTable

ORIGINALS = "originals.parquet"


def convert_folder(folder: Path, rates: ExchangeRateTable, out: Path) -> pd.DataFrame:
    """Write a ledger in euros to another folder, with the first folder's notices and entity decisions.

    Returns
    -------
        Original amounts, as in `models.ledger.conversion.Converted`; also written to `originals.parquet`.

    Raises
    ------
    LedgerError
        The ledger cannot be read, the folder cannot be written, or both are one.
    RateError
        A rate is missing; nothing is written.
    """
    if out.resolve() == folder.resolve():
        raise LedgerError(f"{out} is the ledger itself; give --out another folder, for its amounts stay")
    with reading(folder) as version:
        made = in_euros(read_ledger(version), rates)
        with writing(out) as draft:
            _write(made, version, draft)
    return made.originals


def _write(made: Converted, version: Path, draft: Path) -> None:
    known = set(read_decisions(draft))
    save(made.ledger, draft)
    try:
        (draft / ORIGINALS).unlink(missing_ok=True)  # an earlier version keeps its own
        made.originals.to_parquet(draft / ORIGINALS, index=False)
        for decision in read_decisions(version):
            if decision not in known:
                append_decision(draft, decision)
    except OSError as error:
        raise LedgerError(f"{draft} cannot be written: {error.strerror}") from error
    keep_notices(draft, read_notices(version))
