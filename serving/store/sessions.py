"""Statements on sessions: begin, read, end.

Owns the storage of a session: of its token, 256 random bits, only the SHA-256. Its last use is written at
most once a minute, so that reading pages does not write.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from models.errors import StoreError
from serving.store.access_rows import Session
from serving.store.runs import in_utc
from serving.store.schema import SESSIONS, USERS

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, RowMapping

LASTS = dt.timedelta(hours=12)
"""Maximum lifetime of a session, however much it is used."""
IDLE = dt.timedelta(hours=1)
"""Lifetime of an idle session."""
SEEN_EVERY = dt.timedelta(minutes=1)
KEPT = dt.timedelta(days=30)
"""Ended sessions are deleted after this time; sign-ins remain in the audit log."""
LONGEST = 128


def begin(connection: Connection, name: str, now: dt.datetime) -> str:
    """Begin a session of a user and return its token; it can never be read again.

    Raises
    ------
    StoreError
        No user who is not disabled is called so.
    """
    who = select(USERS.c.user_id).where(USERS.c.name == name, USERS.c.disabled_at.is_(None))
    user_id = connection.scalars(who).one_or_none()
    if user_id is None:
        raise StoreError(f"no user is called {name!r}")
    connection.execute(delete(SESSIONS).where(SESSIONS.c.expires_at < now - KEPT))
    token = secrets.token_urlsafe(32)
    connection.execute(
        insert(SESSIONS).values(
            token_hash=_digest(token),
            user_id=user_id,
            csrf_token=secrets.token_urlsafe(32),
            created_at=now,
            seen_at=now,
            expires_at=now + LASTS,
        )
    )
    return token


def find(connection: Connection, token: str, now: dt.datetime) -> Session | None:
    """Return the session of a token; None if it ended, expired, or its user is disabled."""
    if not token.isascii() or len(token) > LONGEST:
        return None
    query = (
        select(SESSIONS, USERS.c.name, USERS.c.role)
        .join(USERS, USERS.c.user_id == SESSIONS.c.user_id)
        .where(SESSIONS.c.token_hash == _digest(token), *_is_open(now))
    )
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else _session(row)


def list_open(connection: Connection, now: dt.datetime) -> tuple[Session, ...]:
    """Return the sessions that are neither over nor idle for too long, the last used first."""
    query = (
        select(SESSIONS, USERS.c.name, USERS.c.role)
        .join(USERS, USERS.c.user_id == SESSIONS.c.user_id)
        .where(*_is_open(now))
        .order_by(SESSIONS.c.seen_at.desc(), USERS.c.name)
    )
    return tuple(_session(row) for row in connection.execute(query).mappings())


def is_stale(session: Session, now: dt.datetime) -> bool:
    """Return whether the last use of a session is due to be written."""
    return now - session.seen_at >= SEEN_EVERY


def saw(connection: Connection, token: str, now: dt.datetime) -> None:
    """Write the last use of a session."""
    connection.execute(update(SESSIONS).where(SESSIONS.c.token_hash == _digest(token)).values(seen_at=now))


def end(connection: Connection, token: str, now: dt.datetime) -> None:
    """End a session; idempotent."""
    same = (SESSIONS.c.token_hash == _digest(token), SESSIONS.c.ended_at.is_(None))
    connection.execute(update(SESSIONS).where(*same).values(ended_at=now))


def end_all(connection: Connection, user_id: int, now: dt.datetime) -> None:
    """End every session of a user."""
    same = (SESSIONS.c.user_id == user_id, SESSIONS.c.ended_at.is_(None))
    connection.execute(update(SESSIONS).where(*same).values(ended_at=now))


def _is_open(now: dt.datetime) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of a session that is open, of a user who is not disabled."""
    return (
        SESSIONS.c.ended_at.is_(None),
        SESSIONS.c.expires_at > now,
        SESSIONS.c.seen_at > now - IDLE,
        USERS.c.disabled_at.is_(None),
    )


def _session(row: RowMapping) -> Session:
    moments = {name: in_utc(row[name]) for name in ("created_at", "seen_at", "expires_at")}
    return Session(row["name"], row["role"], row["csrf_token"], **moments)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
