"""Statements on API keys: add, find, revoke, list.

Owns how a key is made and kept. A key is 256 random bits, so one SHA-256 is enough: there is nothing to guess
that salting or stretching would slow down.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from models.errors import StoreError
from serving.store.rows import ROLES, ApiKey, Role
from serving.store.runs import in_utc
from serving.store.schema import API_KEYS

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy import Connection, RowMapping

PREFIX = "enc_"
LONGEST = 128


def add(connection: Connection, name: str, role: Role, now: dt.datetime) -> str:
    """Make a key and return it; it can never be read again.

    Raises
    ------
    StoreError
        The name is empty or taken by an active key, or the role is none.
    """
    if not name.strip():
        raise StoreError("a key needs a name, such as the person's or the program's that will use it")
    if role not in ROLES:
        raise StoreError(f"role is {role!r}; roles are {', '.join(ROLES)}")
    taken = select(API_KEYS.c.key_id).where(API_KEYS.c.name == name, API_KEYS.c.revoked_at.is_(None))
    if connection.execute(taken).first() is not None:
        raise StoreError(f"an active key is called {name!r}; revoke it first, or choose another name")
    plaintext = PREFIX + secrets.token_urlsafe(32)
    connection.execute(
        insert(API_KEYS).values(name=name, role=role, key_hash=_digest(plaintext), created_at=now)
    )
    return plaintext


def find(connection: Connection, plaintext: str) -> ApiKey | None:
    """Return the active key that `plaintext` is, None where it is none."""
    if not plaintext.startswith(PREFIX) or len(plaintext) > LONGEST or not plaintext.isascii():
        return None
    digest = _digest(plaintext)
    query = select(API_KEYS).where(API_KEYS.c.key_hash == digest, API_KEYS.c.revoked_at.is_(None))
    row = connection.execute(query).mappings().one_or_none()
    if row is None or not hmac.compare_digest(row["key_hash"], digest):
        return None
    return _key(row)


def revoke(connection: Connection, name: str, now: dt.datetime) -> None:
    """End the active key called `name`.

    Raises
    ------
    StoreError
        There is none.
    """
    active = (API_KEYS.c.name == name, API_KEYS.c.revoked_at.is_(None))
    if connection.execute(update(API_KEYS).where(*active).values(revoked_at=now)).rowcount == 0:
        raise StoreError(f"no active key is called {name!r}")


def list_all(connection: Connection) -> tuple[ApiKey, ...]:
    """Return every key, revoked ones too, the oldest first."""
    query = select(API_KEYS).order_by(API_KEYS.c.key_id)
    return tuple(_key(row) for row in connection.execute(query).mappings())


def _digest(plaintext: str) -> str:
    return hashlib.sha256(plaintext.encode()).hexdigest()


def _key(row: RowMapping) -> ApiKey:
    ended = row["revoked_at"]
    return ApiKey(
        row["name"], row["role"], in_utc(row["created_at"]), None if ended is None else in_utc(ended)
    )
