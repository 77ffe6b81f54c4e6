"""Side files in a ledger's folder, from which every FEC import is rebuilt.

`fec_lines.parquet` stores the customer account lines as read; a year imported later is merged with them.
`fec_notes.parquet` records for each document the origin of its due date (`column`, `label`, `retention`,
`customer`, `default`) and for each payment its matching method (`letter`, `inferred`, `on_account`), with the
file and the line. `fec_old.csv` lists the items set apart as old and unmatched. `fec_terms.json` stores the
terms of the last import.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from typing import TYPE_CHECKING

import pandas as pd

from models.errors import LedgerError
from pipelines.sources.bookkeeping.building import BookkeepingOptions
from pipelines.sources.bookkeeping.lines import LINE_COLUMNS
from pipelines.validation.quarantine import guarded

if TYPE_CHECKING:
    from pathlib import Path

LINES, NOTES, OLD = "fec_lines.parquet", "fec_notes.parquet", "fec_old.csv"
TERMS = "fec_terms.json"
OURS = r"^(?:\d{9}|fec)-\d{8}-"
"""Prefixes of the ids of a FEC's documents and payments."""


def read_lines(folder: Path) -> pd.DataFrame:
    """Read the stored lines of earlier imports; empty if there are none.

    Raises
    ------
    LedgerError
        They cannot be read.
    """
    path = folder / LINES
    if not path.is_file():
        return pd.DataFrame({name: pd.Series([], dtype=kind) for name, kind in LINE_COLUMNS.items()})
    try:
        held = pd.read_parquet(path)
        if "due_on" not in held.columns:  # written before that column was read
            held = held.assign(due_on=pd.to_datetime(pd.Series(index=held.index, dtype="str")))
        frame: pd.DataFrame = held[list(LINE_COLUMNS)].astype(LINE_COLUMNS)
    except (OSError, ValueError, KeyError) as error:
        raise LedgerError(f"{path} cannot be read: {error}; delete it and import every year again") from error
    return frame


def write_table(frame: pd.DataFrame, folder: Path, name: str) -> None:
    """Write a side table atomically by a rename."""
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{name}.{os.getpid()}"
    frame.to_parquet(draft, index=False)
    draft.replace(folder / name)


def write_terms(terms: BookkeepingOptions, folder: Path) -> None:
    """Store the terms of an import, so that corrected lines are read with them too."""
    draft = folder / f".{TERMS}.{os.getpid()}"
    draft.write_text(json.dumps(asdict(terms)), encoding="utf-8")
    draft.replace(folder / TERMS)


def read_terms(folder: Path) -> BookkeepingOptions:
    """Return the terms of the last import.

    Raises
    ------
    LedgerError
        They were not stored, or cannot be read.
    """
    path = folder / TERMS
    try:
        raw = json.loads(path.read_bytes())
        return BookkeepingOptions(int(raw["default_days"]), int(raw["old_after_days"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LedgerError(f"{path} cannot be read: {error}; import the file again") from error


def write_old(old: pd.DataFrame, folder: Path) -> Path | None:
    """Write the items set apart, oldest first, for a spreadsheet; return the file, None if there are none."""
    path = folder / OLD
    if old.empty:
        path.unlink(missing_ok=True)
        return None
    table = pd.DataFrame(
        {
            "customer_id": old["customer_id"].map(guarded),
            "piece": old["piece"].map(guarded),
            "issued_on": old["issued_on"].dt.date,
            "amount_eur": old["cents"].where(old["kind"] != "payment", -old["cents"]) / 100,
            "label": old["label"].map(guarded),
            "file": old["file"].map(guarded),
            "line": old["line"],
        }
    ).sort_values(["issued_on", "customer_id", "line"])
    draft = folder / f".{OLD}.{os.getpid()}"
    table.to_csv(draft, index=False, lineterminator="\n")
    draft.replace(path)
    return path
