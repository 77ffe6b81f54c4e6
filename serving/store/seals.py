"""Seals of the rows that determine answers and access: overrides, cases, promotions, models, policies, roles.

Each write of such a row adds the hash of its content to `sealed_rows`, linked to the previous seal like
entries of the audit log. A row deleted, edited or inserted outside the program does not match its newest
seal. Owns the sealed columns of each table, and the verification of rows.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
from sqlalchemy import func, insert, select

from serving.store.case_schema import CASE_EVENTS, CASES
from serving.store.runs import in_utc
from serving.store.schema import (
    API_KEYS,
    KEPT_POLICIES,
    MODELS,
    OVERRIDES,
    PROMOTIONS,
    SEALED_ROWS,
    USERS,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Connection, RowMapping, Table

    from serving.store.hash_chain import AuditKeys

SEALING_LOCK = 4_117_414
"""PostgreSQL's advisory lock for linking seals; the number is arbitrary."""


class SealedContent(NamedTuple):
    """Sealed columns of a table: its key first, then the columns that must not change unnoticed.

    A column added to a table later goes into a seal of another kind: a seal's columns never change.
    """

    table: Table
    columns: tuple[str, ...]


CONTENT: Mapping[str, SealedContent] = MappingProxyType(
    {
        "override": SealedContent(
            OVERRIDES,
            ("override_id", "withdraws", "customer_id", "kind", "limit_eur", "grade", "own", "reason", "who",
             "at", "valid_until"),
        ),
        "case": SealedContent(
            CASES,
            ("case_id", "kind", "customer_id", "siren", "name", "who", "at", "reason", "answer_id",
             "approver", "approvals", "amount_eur", "question", "facts"),
        ),
        "case_event": SealedContent(
            CASE_EVENTS,
            ("event_id", "case_id", "closes", "endorses", "kind", "who", "level", "at", "reason", "terms",
             "override_id", "entry_id"),
        ),
        "promotion": SealedContent(
            PROMOTIONS,
            ("promotion_id", "target", "version", "model_version", "action", "who", "second", "at",
             "previous", "reason", "verdict"),
        ),
        "model": SealedContent(MODELS, ("model_version", "target", "files", "kept_at")),
        "policy": SealedContent(KEPT_POLICIES, ("policy_hash", "version", "text", "kept_at")),
        "user": SealedContent(USERS, ("user_id", "name", "role", "password_hash", "created_at",
        "disabled_at")), "key": SealedContent(
            API_KEYS,
            ("key_id", "name", "role", "key_hash", "created_at", "revoked_at", "expires_at", "rotated_at"),
        ),
    }
)  # fmt: skip


class BadRow(NamedTuple):
    """A row that does not match its seal: its key, and `row_gone`, `row_changed` or `row_without_seal`."""

    what: str
    why: str


class Seals(NamedTuple):
    """Result of reading the seals.

    Parameters
    ----------
    total
        Number of seals.
    links
        Number and verdict of those whose link is not verified; see
        `serving.store.hash_chain.AuditKeys.verdict`.
    latest
        The newest seal of each row, by kind and key.
    newest
        Number and link of the newest seal of all; None without any.
    stands
        Whether the last seal of an earlier check still exists.
    """

    total: int
    links: tuple[tuple[int, str], ...]
    latest: Mapping[tuple[str, str], str]
    newest: tuple[int, str] | None
    stands: bool


def seal_rows(
    connection: Connection, kind: str, keys: Sequence[object] | None, audit_keys: AuditKeys
) -> None:
    """Seal the current rows, in the transaction that wrote them.

    Parameters
    ----------
    keys
        Of the rows; all of the table where None.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(SEALING_LOCK)))
    last = select(SEALED_ROWS.c.link).order_by(SEALED_ROWS.c.seal_id.desc()).limit(1)
    link = connection.scalar(last) or ""
    rows = []
    for row in _rows(connection, kind, keys):
        made = {"kind": kind, "row_key": _key(kind, row), "seal": _seal(kind, row)}
        link = audit_keys.link(link, _told(made))
        rows.append({**made, "link": link})
    if rows:
        connection.execute(insert(SEALED_ROWS), rows)


def read_seals(connection: Connection, audit_keys: AuditKeys, known: tuple[int, str] | None) -> Seals:
    """Read all seals from the oldest on, and verify their links.

    Parameters
    ----------
    known
        Number and link of the newest seal at an earlier check.
    """
    before, newest, stands = "", None, known is None
    bad: list[tuple[int, str]] = []
    latest: dict[tuple[str, str], str] = {}
    total = 0
    for row in connection.execute(select(SEALED_ROWS).order_by(SEALED_ROWS.c.seal_id)).mappings():
        verdict = audit_keys.verdict(before, _told(row), row["link"])
        if verdict != "sound":
            bad.append((row["seal_id"], verdict))
        latest[row["kind"], row["row_key"]] = row["seal"]
        before, newest, total = row["link"], (row["seal_id"], row["link"]), total + 1
        stands = stands or newest == known
    return Seals(total, tuple(bad), latest, newest, stands)


def bad_rows(connection: Connection, latest: Mapping[tuple[str, str], str]) -> Iterator[BadRow]:
    """Yield the rows that do not match their newest seals.

    Parameters
    ----------
    latest
        Of `Seals`.
    """
    missing = set(latest)
    for kind in CONTENT:
        for row in _rows(connection, kind, None):
            found = (kind, _key(kind, row))
            missing.discard(found)
            if found not in latest:
                yield BadRow(" ".join(found), "row_without_seal")
            elif latest[found] != _seal(kind, row):
                yield BadRow(" ".join(found), "row_changed")
    for found in sorted(missing):
        yield BadRow(" ".join(found), "row_gone")


def _rows(connection: Connection, kind: str, keys: Sequence[object] | None) -> Sequence[RowMapping]:
    table, names = CONTENT[kind]
    key = table.c[names[0]]
    query = select(*(table.c[name] for name in names)).order_by(key)
    if keys is not None:
        query = query.where(key.in_(keys))
    return connection.execute(query).mappings().all()


def _key(kind: str, row: RowMapping) -> str:
    return str(row[CONTENT[kind].columns[0]])


def _seal(kind: str, row: RowMapping) -> str:
    told = orjson.dumps([kind, *(_plain(row[name]) for name in CONTENT[kind].columns)])
    return hashlib.sha256(told).hexdigest()


def _plain(value: object) -> object:
    """Return a cell as both databases return it, bytes by their hash."""
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    return in_utc(value).isoformat() if isinstance(value, dt.datetime) else value


def _told(row: Mapping[str, Any] | RowMapping) -> str:
    """Return the linked content of a seal."""
    return f"{row['kind']}\n{row['row_key']}\n{row['seal']}"
