"""Statements on the audit log: add to it, read it.

Owns what an entry is in the table; the log only grows. Questions are kept as text, answers compressed: they
are as long as an assessment. Each row carries the hash of its columns, so that a row which somebody changed
behind our back is told apart when it is read.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from serving.store import packing, versions
from serving.store.record_rows import AuditEntry, AuditPage
from serving.store.runs import in_utc
from serving.store.schema import AUDIT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, RowMapping

PLAIN = (
    "answer_id",
    "at",
    "who",
    "role",
    "via",
    "action",
    "customer_id",
    "features_hash",
    "late_model",
    "default_model",
    "policy_hash",
)
"""Fields that are columns as they are."""


@dataclass(frozen=True, slots=True)
class PreparedEntry:
    """An entry as columns: what is slow about writing it is done, and nothing in it can be refused."""

    columns: Mapping[str, Any]
    state: Mapping[str, Any] | None


def prepare(entry: AuditEntry) -> PreparedEntry:
    """Return an entry as columns, ready to be written.

    Raises
    ------
    StoreError
        The question, the answer or the state cannot be kept.
    """
    state = None if entry.state is None else versions.state_columns(entry.state)
    columns = {
        **{name: getattr(entry, name) for name in PLAIN},
        "question": packing.to_json(entry.question, "a question"),
        "answer": packing.pack(entry.answer, "an answer"),
        "state_hash": entry.state_hash if state is None else state["state_hash"],
    }
    return PreparedEntry({**columns, "seal": _seal(columns)}, state)


def record(connection: Connection, entries: Sequence[PreparedEntry]) -> None:
    """Add entries, and keep the states they were computed from."""
    if entries:
        versions.keep_states(connection, [entry.state for entry in entries if entry.state is not None])
        connection.execute(insert(AUDIT), [dict(entry.columns) for entry in entries])


def entry(connection: Connection, answer_id: str) -> AuditEntry | None:
    """Return the entry of an answer, None where there is none."""
    row = connection.execute(select(AUDIT).where(AUDIT.c.answer_id == answer_id)).mappings().one_or_none()
    return None if row is None else _entry(row)


def page(
    connection: Connection, limit: int, before: int | None, customer_id: str | None, who: str | None
) -> AuditPage:
    """Return a stretch of the log, the newest entry first."""
    query = select(AUDIT).order_by(AUDIT.c.audit_id.desc()).limit(limit + 1)
    if before is not None:
        query = query.where(AUDIT.c.audit_id < before)
    if customer_id is not None:
        query = query.where(AUDIT.c.customer_id == customer_id)
    if who is not None:
        query = query.where(AUDIT.c.who == who)
    rows = connection.execute(query).mappings().all()
    more = rows[limit - 1]["audit_id"] if len(rows) > limit else None
    return AuditPage(tuple(_entry(row) for row in rows[:limit]), more)


def _entry(row: RowMapping) -> AuditEntry:
    known = {name: row[name] for name in PLAIN}
    return AuditEntry(
        **{**known, "at": in_utc(row["at"])},
        question=packing.from_json(row["question"]),
        answer=packing.unpack(row["answer"]),
        state_hash=row["state_hash"],
        sound=_seal(row) == row["seal"],
    )


def _seal(columns: Mapping[str, Any] | RowMapping) -> str:
    """Return the hash of a row's columns, the same before it is written and after it is read."""
    at = in_utc(columns["at"]).isoformat()
    told = [at, *(columns[name] for name in (*PLAIN, "question", "state_hash") if name != "at")]
    return hashlib.sha256(json.dumps(told).encode() + columns["answer"]).hexdigest()
