"""Decisions on legal entities as a file next to the ledger's tables.

Owns `entities.csv`: append-only, so that the author, date and reason of each decision are preserved. No
import changes it: a join outlives the next export of customers. `models.ledger.entities` applies the
decisions.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
from typing import TYPE_CHECKING, cast

from models.errors import LedgerError
from models.ledger.entities import DECISIONS, EntityDecision
from models.ledger.versions import current, require_draft

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Literal

NAME = "entities.csv"
COLUMNS = ("decided_at", "decision", "customer_id", "other_id", "by", "reason")


def read_decisions(folder: Path) -> tuple[EntityDecision, ...]:
    """Read the decisions in a ledger's folder, oldest first; empty without the file.

    Raises
    ------
    LedgerError
        A line cannot be read: all faults are listed by line.
    """
    path = current(folder) / NAME
    if not path.is_file():
        return ()
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise LedgerError(f"{path} cannot be read: {error}") from error
    if not rows or tuple(rows[0]) != COLUMNS:
        raise LedgerError(f"{path} begins with {rows[:1]}; its first line must be {','.join(COLUMNS)}")
    found: list[EntityDecision] = []
    faults = []
    for place, row in enumerate(rows[1:], start=2):
        try:
            found.append(_decision(row))
        except ValueError as error:
            faults.append(f"row {place}: {error}")
    if faults:
        raise LedgerError(f"{path}: {'; '.join(faults)}; correct the rows or take the latest backup")
    return tuple(found)


def append_decision(folder: Path, decision: EntityDecision) -> None:
    """Append a decision to the file in a ledger's draft; earlier versions are unchanged."""
    require_draft(folder)
    path = folder / NAME
    held = path.read_bytes() if path.is_file() else b""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    if not held:
        lines.writerow(COLUMNS)
    lines.writerow(
        (
            decision.decided_at.isoformat(timespec="seconds"),
            decision.decision,
            decision.customer_id,
            decision.other_id,
            decision.by,
            decision.reason,
        )
    )
    draft = path.with_name(f".{NAME}.{os.getpid()}")
    draft.write_bytes(held + text.getvalue().encode())
    draft.replace(path)


def _decision(row: list[str]) -> EntityDecision:
    if len(row) != len(COLUMNS):
        raise ValueError(f"{len(row)} cells; {len(COLUMNS)} are needed")
    at, decision, customer_id, other_id, by, reason = row
    if decision not in DECISIONS:
        raise ValueError(f"decision is {decision!r}; {' and '.join(DECISIONS)} are known")
    if not customer_id or not other_id or customer_id == other_id:
        raise ValueError(f"{customer_id!r} and {other_id!r} are not two customer numbers")
    return EntityDecision(
        dt.datetime.fromisoformat(at),
        cast("Literal['join', 'split']", decision),
        customer_id,
        other_id,
        by,
        reason,
    )
