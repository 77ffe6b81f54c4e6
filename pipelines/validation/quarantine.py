"""The quarantine: rows that a ledger refuses, kept with their file, line, column, value and reason.

One CSV a source file, named by the file's content, so that importing it again replaces what it left before.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from models.errors import LedgerError

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

COLUMNS = ("file", "line", "column", "value", "reason")
FOLDER = "quarantine"
_FORMULA = re.compile(r"^[=+\-@\t\r\n]")
_FIGURE = re.compile(r"^[+-]?[\d.,' \u00a0\u202f]*$")


def guarded(text: str) -> str:
    """Return `text` with an apostrophe before what a spreadsheet would run as a formula; figures stay.

    Examples
    --------
    >>> guarded("=1+1"), guarded("-12,50"), guarded("Dupont")
    ("'=1+1", '-12,50', 'Dupont')
    """
    return f"'{text}" if _FORMULA.match(text) and not _FIGURE.match(text) else text


def write_quarantine(ledger: Path, source: Path, digest: str, refused: pd.DataFrame) -> Path | None:
    """Replace what the quarantine of `ledger` holds of one source file.

    Parameters
    ----------
    digest
        Hash of the source's content; the same content under another name replaces its quarantine too.
    refused
        Columns line, column, value and reason, one row a fault; none empties the file's quarantine.

    Returns
    -------
        The file written, None where nothing was refused.

    Raises
    ------
    LedgerError
        The quarantine cannot be written.
    """
    folder, short = ledger / FOLDER, digest[:12]
    target = folder / f"{source.stem}.{short}.csv"
    try:
        for stale in folder.glob(f"*.{short}.csv"):
            if refused.empty or stale != target:
                stale.unlink()
        if refused.empty:
            return None
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f".{target.name}.{os.getpid()}"
        table = refused.assign(file=source.name)[list(COLUMNS)].sort_values(["line", "column", "reason"])
        for name in ("file", "column", "value", "reason"):
            table[name] = table[name].map(guarded)
        table.to_csv(draft, index=False, lineterminator="\n")
        draft.replace(target)
    except OSError as error:
        raise LedgerError(f"the quarantine {target} cannot be written: {error.strerror}") from error
    return target
