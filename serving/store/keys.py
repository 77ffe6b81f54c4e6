"""Statements on API keys: create, read, rotate, revoke, list.

Owns the generation and storage of keys. A key is 256 random bits, so one SHA-256 is enough: salting or
stretching would protect nothing further.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING

from sqlalchemy import insert, or_, select, update

from models.errors import StoreError
from serving.store.access_rows import ROLES, ApiKey, Role
from serving.store.runs import in_utc
from serving.store.schema import API_KEYS

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy import Connection, RowMapping

PREFIX = "enc_"
LONGEST = 128


def add(
    connection: Connection, name: str, role: Role, now: dt.datetime, expires_at: dt.datetime | None = None
) -> str:
    """Create a key and return it; it can never be read again.

    Raises
    ------
    StoreError
        The name is empty, not printable or used by a valid key, the role is invalid, or the key would already
        be expired.
    """
    if not name.strip():
        raise StoreError("a key needs a name, such as the person's or the program's that will use it")
    if not name.isprintable():
        raise StoreError(f"a key's name is {name!r}; printable characters are allowed")
    if role not in ROLES:
        raise StoreError(f"role is {role!r}; roles are {', '.join(ROLES)}")
    if expires_at is not None and expires_at <= now:
        raise StoreError(f"the key would expire at {expires_at:%Y-%m-%d %H:%M}; give a moment to come")
    if _in_force(connection, name) is not None:
        raise StoreError(f"an active key is called {name!r}; rotate or revoke it, or choose another name")
    plaintext = PREFIX + secrets.token_urlsafe(32)
    kept = {"name": name, "role": role, "key_hash": _digest(plaintext), "created_at": now}
    connection.execute(insert(API_KEYS).values(**kept, expires_at=expires_at))
    return plaintext


def rotate(
    connection: Connection,
    name: str,
    now: dt.datetime,
    grace: dt.timedelta,
    expires_at: dt.datetime | None = None,
) -> tuple[str, int]:
    """Create a new key with the same name and role, and return it with the old one's id.

    The old one opens until the grace is over.

    Raises
    ------
    StoreError
        No active key is called so, or the new one would have expired already.
    """
    old = _in_force(connection, name)
    if old is None:
        raise StoreError(f"no active key is called {name!r}; `encours keys list` shows which there are")
    last = now + grace
    ends = last if old["expires_at"] is None else min(in_utc(old["expires_at"]), last)
    same = API_KEYS.c.key_id == old["key_id"]
    connection.execute(update(API_KEYS).where(same).values(rotated_at=now, expires_at=ends))
    return add(connection, name, old["role"], now, expires_at), old["key_id"]


def id_of(connection: Connection, plaintext: str) -> int:
    """Return the id of a stored key, valid or not."""
    found: int = connection.scalars(
        select(API_KEYS.c.key_id).where(API_KEYS.c.key_hash == _digest(plaintext))
    ).one()
    return found


def find(connection: Connection, plaintext: str, now: dt.datetime) -> ApiKey | None:
    """Return the valid key with this plaintext, None if it is unknown, revoked or expired."""
    if not plaintext.startswith(PREFIX) or len(plaintext) > LONGEST or not plaintext.isascii():
        return None
    digest = _digest(plaintext)
    query = select(API_KEYS).where(
        API_KEYS.c.key_hash == digest,
        API_KEYS.c.revoked_at.is_(None),
        or_(API_KEYS.c.expires_at.is_(None), API_KEYS.c.expires_at > now),
    )
    row = connection.execute(query).mappings().one_or_none()
    if row is None or not hmac.compare_digest(row["key_hash"], digest):
        return None
    return _key(row)


def used(connection: Connection, plaintext: str, day: dt.date) -> None:
    """Write the day of a key's last use."""
    same = API_KEYS.c.key_hash == _digest(plaintext)
    connection.execute(update(API_KEYS).where(same).values(last_used_on=day))


def revoke(connection: Connection, name: str, now: dt.datetime) -> list[int]:
    """Revoke every key called `name`, and return their ids: the active one, and one in its grace period.

    Raises
    ------
    StoreError
        There is none.
    """
    active = (API_KEYS.c.name == name, API_KEYS.c.revoked_at.is_(None))
    made = update(API_KEYS).where(*active).values(revoked_at=now).returning(API_KEYS.c.key_id)
    ended = list(connection.scalars(made))
    if not ended:
        raise StoreError(f"no active key is called {name!r}; `encours keys list` shows which there are")
    return ended


def list_all(connection: Connection) -> tuple[ApiKey, ...]:
    """Return every key, revoked ones included, the oldest first."""
    query = select(API_KEYS).order_by(API_KEYS.c.key_id)
    return tuple(_key(row) for row in connection.execute(query).mappings())


def _in_force(connection: Connection, name: str) -> RowMapping | None:
    """Return the row that uses a name: neither revoked nor rotated, expired or not."""
    holds = (API_KEYS.c.name == name, API_KEYS.c.revoked_at.is_(None), API_KEYS.c.rotated_at.is_(None))
    return connection.execute(select(API_KEYS).where(*holds)).mappings().one_or_none()


def _digest(plaintext: str) -> str:
    return hashlib.sha256(plaintext.encode()).hexdigest()


def _key(row: RowMapping) -> ApiKey:
    moments = {
        name: None if row[name] is None else in_utc(row[name])
        for name in ("revoked_at", "expires_at", "rotated_at")
    }
    created, day = in_utc(row["created_at"]), row["last_used_on"]
    return ApiKey(row["name"], row["role"], created, last_used_on=day, **moments)
