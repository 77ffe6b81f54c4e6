"""The quarantine: refused rows, stored with file, line, column, value and reason.

One CSV per source file, named by the hash of its content, so that a new import replaces the previous result.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import pandas as pd

from models.errors import LedgerError
from models.ledger.versions import current

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = ("file", "line", "column", "value", "reason")
FOLDER = "quarantine"
_FORMULA = re.compile(r"^[=+\-@\t\r\n]")
_SHIELDED = re.compile(r"^'+[=+\-@\t\r\n]")
_NAME = re.compile(r"\.([0-9a-f]{12})\.csv$")
_FIGURE = re.compile(r"^[+-]?[\d.,' \u00a0\u202f]*$")


def guarded(text: str) -> str:
    """Return `text` with an apostrophe before a spreadsheet formula; figures are unchanged.

    Examples
    --------
    >>> guarded("=1+1"), guarded("-12,50"), guarded("Dupont")
    ("'=1+1", '-12,50', 'Dupont')
    """
    return f"'{text}" if _FORMULA.match(text) and not _FIGURE.match(text) else text


def unguarded(text: str) -> str:
    """Reverse `shielded`.

    Examples
    --------
    >>> unguarded("'=1+1"), unguarded("'Dupont"), unguarded(shielded("'=1+1"))
    ('=1+1', "'Dupont", "'=1+1")
    """
    return text[1:] if _SHIELDED.match(text) else text


def shielded(text: str) -> str:
    """Return `text` safe for a spreadsheet and reversible by `unguarded`."""
    return f"'{text}" if _SHIELDED.match(text) else guarded(text)


def quarantined(ledger: Path) -> dict[str, pd.DataFrame]:
    """Read the quarantine of a ledger.

    Returns
    -------
        Faults by the first twelve digits of the source file's hash, with the columns `COLUMNS`, all text
        except the line.

    Raises
    ------
    LedgerError
        One of its files cannot be read.
    """
    found = {}
    for path in sorted((current(ledger) / FOLDER).glob("*.csv")):
        named = _NAME.search(path.name)
        if named is None:
            continue
        try:
            faults = pd.read_csv(path, dtype=str, keep_default_na=False)[list(COLUMNS)]
            found[named[1]] = faults.assign(line=faults["line"].astype("int64"))
        except (OSError, ValueError, KeyError) as error:
            raise LedgerError(f"{path} cannot be read: {error}; import its file again") from error
    return found


def write_quarantine(ledger: Path, source: Path, digest: str, refused: pd.DataFrame) -> Path | None:
    """Replace the quarantine of one source file.

    Parameters
    ----------
    digest
        Hash of the source's content; the same content under another name replaces its quarantine too.
    refused
        Columns line, column, value and reason, one row per fault; an empty frame clears the file's
        quarantine.

    Returns
    -------
        The file written, None where no row was refused.

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
