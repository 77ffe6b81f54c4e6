"""Statements on the audit log: append, read.

Owns the representation of an entry in the table; the log is append-only. Requests are stored as text, answers
compressed, for they are as long as an assessment; `answer_templates` reads those of earlier versions. Each
row has the hash of its columns, its seal, and a link over the seal and the previous row's link, so that a
later modification is detected; `hash_chain` verifies links.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import func, insert, select

from serving.store import answer_templates, packing, versions
from serving.store.record_rows import AuditEntry, AuditPage
from serving.store.runs import in_utc
from serving.store.schema import AUDIT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, RowMapping, Select

    from serving.store.hash_chain import AuditKeys
    from serving.store.record_rows import AuditFilter

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
"""Fields stored unchanged as columns."""
_SEALED = tuple(name for name in (*PLAIN, "question", "state_hash") if name != "at")
_HASHED_AT_ONCE = 2_047
"""Size up to which hashing keeps the interpreter lock: releasing it would cost more than the hash."""
_LAST_LINK = "SELECT link FROM audit ORDER BY audit_id DESC LIMIT 1"
LINKING_LOCK = 4_117_412
"""PostgreSQL's advisory lock for linking entries; the number is arbitrary."""
CHANGED = frozenset({"broken", "without_key"})
"""Verdicts on a link that prove nothing."""
ROWS_AT_ONCE = 200
"""Maximum number of values in an SQLite statement, with a margin."""


@dataclass(frozen=True, slots=True)
class PreparedEntry:
    """An entry as columns, with its slow preparation and validation done."""

    columns: Mapping[str, Any]
    state: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, eq=False)
class WrittenEntry:
    """An entry whose request and answer are already JSON text.

    Parameters
    ----------
    plain
        The fields of `PLAIN`.
    state
        The columns of the state that the answer was computed from; None where it rests on none.
    """

    plain: Mapping[str, Any]
    question: str
    answer: bytes
    state: Mapping[str, Any] | None


def prepare(entry: AuditEntry) -> PreparedEntry:
    """Return an entry as columns, ready to be written.

    Raises
    ------
    StoreError
        The request, the answer or the state is not storable.
    """
    written = WrittenEntry(
        {name: getattr(entry, name) for name in PLAIN},
        packing.to_json(entry.question, "a question"),
        packing.to_json(entry.answer, "an answer").encode(),
        None if entry.state is None else versions.state_columns(entry.state),
    )
    (prepared,) = prepare_written([written])
    return prepared


def prepare_written(entries: Sequence[WrittenEntry]) -> tuple[PreparedEntry, ...]:
    """Return entries as columns, their answers compressed together."""
    answers = packing.pack_texts([entry.answer for entry in entries])
    return tuple(_prepared(entry, answer) for entry, answer in zip(entries, answers, strict=True))


def _prepared(entry: WrittenEntry, answer: bytes) -> PreparedEntry:
    columns = {
        **entry.plain,
        "question": entry.question,
        "answer": answer,
        "state_hash": None if entry.state is None else entry.state["state_hash"],
    }
    columns["seal"] = seal(columns)
    return PreparedEntry(columns, entry.state)


def record(connection: Connection, entries: Sequence[PreparedEntry], keys: AuditKeys) -> None:
    """Add entries, each linked to the previous one, and store their input states."""
    if not entries:
        return
    if connection.dialect.name == "postgresql":
        # SQLite allows one writer at a time; PostgreSQL too must exclude writes between a link and the next.
        connection.execute(select(func.pg_advisory_xact_lock(LINKING_LOCK)))
    versions.add_states(connection, [entry.state for entry in entries if entry.state is not None])
    link, rows = connection.exec_driver_sql(_LAST_LINK).scalar() or "", []
    for entry in entries:
        link = keys.link(link, entry.columns["seal"])
        rows.append({**entry.columns, "link": link})
    for first in range(0, len(rows), ROWS_AT_ONCE):
        _insert(connection, rows[first : first + ROWS_AT_ONCE])


def _insert(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows; in one statement on SQLite, whose driver releases the interpreter lock at each."""
    if connection.dialect.name != "sqlite":
        connection.execute(insert(AUDIT), [dict(row) for row in rows])
        return
    at = AUDIT.c.at.type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
    names = tuple(rows[0])
    values = [row[name] for row in rows for name in names]
    if at:
        # Those answered together have one moment.
        told = cache(at)
        of_rows = slice(names.index("at"), None, len(names))
        values[of_rows] = [told(moment) for moment in values[of_rows]]
    row = f"({', '.join('?' * len(names))})"
    # The text contains only our own column names and question marks.
    statement = f"INSERT INTO audit ({', '.join(names)}) VALUES {', '.join([row] * len(rows))}"  # noqa: S608  # see above
    connection.exec_driver_sql(statement, tuple(values))


def entry(connection: Connection, answer_id: str, keys: AuditKeys) -> AuditEntry | None:
    """Return the entry of an answer, None if there is none."""
    query = with_link_before().where(AUDIT.c.answer_id == answer_id)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else _entries(connection, [row], keys)[0]


def page(
    connection: Connection,
    limit: int,
    before: int | None,
    about: AuditFilter,
    keys: AuditKeys,
) -> AuditPage:
    """Return a page of the log, the newest entry first."""
    query = with_link_before().order_by(AUDIT.c.audit_id.desc()).limit(limit + 1)
    if before is not None:
        query = query.where(AUDIT.c.audit_id < before)
    for column in ("customer_id", "who", "action"):
        if (asked := getattr(about, column)) is not None:
            query = query.where(AUDIT.c[column] == asked)
    if about.since is not None:
        query = query.where(AUDIT.c.at >= about.since)
    if about.until is not None:
        query = query.where(AUDIT.c.at < about.until)
    rows = connection.execute(query).mappings().all()
    more = rows[limit - 1]["audit_id"] if len(rows) > limit else None
    return AuditPage(_entries(connection, rows[:limit], keys), more)


def with_link_before() -> Select[Any]:
    """Return the query for entries, each with the previous entry's link, `link_before`."""
    earlier = AUDIT.alias()
    link = select(earlier.c.link).where(earlier.c.audit_id < AUDIT.c.audit_id)
    return select(AUDIT, link.order_by(earlier.c.audit_id.desc()).limit(1).label("link_before"))


def _entries(connection: Connection, rows: Sequence[RowMapping], keys: AuditKeys) -> tuple[AuditEntry, ...]:
    answers = answer_templates.texts(connection, [row["answer"] for row in rows])
    return tuple(_entry(row, _read(answer), keys) for row, answer in zip(rows, answers, strict=True))


def _read(answer: bytes | None) -> dict[str, Any] | None:
    """Return an answer's document; None if unreadable: one forged entry must not hide the others."""
    try:
        return None if answer is None else packing.from_json(answer.decode())
    except ValueError:
        return None


def _entry(row: RowMapping, answer: Mapping[str, Any] | None, keys: AuditKeys) -> AuditEntry:
    verdict = keys.verdict(row["link_before"], row["seal"], row["link"])
    known = {name: row[name] for name in PLAIN}
    return AuditEntry(
        **{**known, "at": in_utc(row["at"])},
        question=packing.from_json(row["question"]),
        answer={} if answer is None else answer,
        state_hash=row["state_hash"],
        sound=answer is not None and seal(row) == row["seal"] and verdict not in CHANGED,
    )


def seal(columns: Mapping[str, Any] | RowMapping) -> str:
    """Return the hash of a row's columns, equal before writing and after reading."""
    at = in_utc(columns["at"]).isoformat()
    told = orjson.dumps([at, *(columns[name] for name in _SEALED)]) + columns["answer"]
    found = hashlib.sha256()
    for first in range(0, len(told), _HASHED_AT_ONCE):
        found.update(told[first : first + _HASHED_AT_ONCE])
    return found.hexdigest()
