"""Remarks on imported rows, stored next to the ledger and replaced by the next import.

`no_siren`: a customer's number is no SIREN; the customer is imported, with the number in `other_number`.
`spent`: money cleared against invoices outside the export; it is not open and is left out.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pandas as pd

from models.errors import LedgerError
from pipelines.validation.quarantine import guarded

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pipelines.sources.mapping.reading import TextRows

NOTES = "import_notes.csv"
SPENT = "spent"
COLUMNS = ("file", "line", "column", "value", "kind", "cents")


def notes_of(remarks: pd.DataFrame, spent: pd.Series, names: Sequence[str], rows: TextRows) -> pd.DataFrame:
    """Combine remarks on rows into one table with the columns `COLUMNS`.

    Parameters
    ----------
    remarks
        Columns file, line, column, value and kind.
    spent
        Cents left out by the position of their row.
    names
        The mapping's columns of a payment's number.
    """
    files = {at: source.path.name for at, source in enumerate(rows.sources)}
    value = rows.cells.loc[spent.index, list(names)].fillna("").agg("/".join, axis=1) if len(spent) else ""
    origin = rows.origin.loc[spent.index]
    gone = pd.DataFrame(
        {
            "file": origin["file"].map(files),
            "line": origin["line"],
            "column": " | ".join(names),
            "value": value,
            "kind": SPENT,
            "cents": spent,
        }
    )
    parts = [part for part in (remarks.assign(cents=0), gone) if len(part)]
    table = pd.concat(parts) if parts else pd.DataFrame(columns=list(COLUMNS))
    return table[list(COLUMNS)].sort_values(["kind", "file", "line"], ignore_index=True)


def write_notes(ledger: Path, notes: pd.DataFrame) -> Path | None:
    """Replace the remarks of the last import; without any, delete them.

    Raises
    ------
    LedgerError
        They cannot be written.
    """
    target = ledger / NOTES
    try:
        if notes.empty:
            target.unlink(missing_ok=True)
            return None
        draft = target.with_name(f".{NOTES}.{os.getpid()}")
        safe = {name: notes[name].map(guarded) for name in ("file", "column", "value")}
        notes.assign(**safe).to_csv(draft, index=False, lineterminator="\n")
        draft.replace(target)
    except OSError as error:
        raise LedgerError(f"{target} cannot be written: {error.strerror}") from error
    return target
