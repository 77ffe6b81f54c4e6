"""What an import tells of rows that it took, kept whole next to the ledger: the last import's replaces it.

`no_siren`: a customer's number names no French company; the customer is in, its number in `other_number`.
`spent`: money that was cleared against invoices of which no row came; it is no open money and left out.
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


def notes_of(told: pd.DataFrame, spent: pd.Series, names: Sequence[str], rows: TextRows) -> pd.DataFrame:
    """Put what is told of rows into one table with the columns `COLUMNS`.

    Parameters
    ----------
    told
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
    parts = [part for part in (told.assign(cents=0), gone) if len(part)]
    table = pd.concat(parts) if parts else pd.DataFrame(columns=list(COLUMNS))
    return table[list(COLUMNS)].sort_values(["kind", "file", "line"], ignore_index=True)


def write_notes(ledger: Path, notes: pd.DataFrame) -> Path | None:
    """Replace the notes of the last import; none takes them away.

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
