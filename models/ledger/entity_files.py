"""Decisions on legal entities as a file beside the ledger's tables, and the ledger as they make it.

Owns `entities.csv`: lines are only ever added, so that who joined or split what, when and why stays. No
import touches it: a join outlives the next export of customers. What decisions mean is
`models.ledger.entities`'.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
from typing import TYPE_CHECKING, cast

from models.errors import LedgerError
from models.ledger.entities import DECISIONS, EntityDecision, Joined, joined
from models.ledger.files import read_ledger
from models.ledger.versions import current, reading, require_draft

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Literal

    from models.ledger.ledger import Ledger

NAME = "entities.csv"
COLUMNS = ("decided_at", "decision", "customer_id", "other_id", "by", "reason")


def read_joined_ledger(folder: Path) -> Ledger:
    """Read a ledger with its customer numbers joined as decided.

    It is for reading: what is written back to the folder must come from `models.ledger.files.read_ledger`.

    Raises
    ------
    LedgerError
        The folder holds no ledger, or the file of decisions cannot be read.
    """
    return read_joined(folder).ledger


def read_joined(folder: Path) -> Joined:
    """Read a ledger as decided, with the decisions that contradict it; raises as `read_joined_ledger`."""
    with reading(folder) as version:
        return joined(read_ledger(version), read_decisions(version))


def read_decisions(folder: Path) -> tuple[EntityDecision, ...]:
    """Read the decisions in a ledger's folder, the oldest first; none where nothing was decided.

    Raises
    ------
    LedgerError
        A line cannot be read: all faults are named by their lines.
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
        raise LedgerError(f"{path}: {'; '.join(faults)}; mend the rows or take the latest backup")
    return tuple(found)


def append_decision(folder: Path, decision: EntityDecision) -> None:
    """Add a decision to the file in a ledger's draft; earlier versions keep their own."""
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
