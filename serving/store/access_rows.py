"""Frozen rows on access: API keys, users, sessions, and the roles.

Owns the shapes only; they know no SQL.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import datetime as dt

Role = Literal["sales", "analyst", "batch", "admin"]
ROLES: tuple[Role, ...] = ("sales", "analyst", "batch", "admin")


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key of a program; the key itself is not stored.

    Parameters
    ----------
    expires_at
        From when it opens nothing; None for a key without an end.
    last_used_on
        The last day on which it was used, in UTC.
    rotated_at
        When a new key of the same name took its place; it opens until `expires_at`.
    """

    name: str
    role: Role
    created_at: dt.datetime
    revoked_at: dt.datetime | None
    expires_at: dt.datetime | None = None
    last_used_on: dt.date | None = None
    rotated_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class User:
    """A user of the pages; the password is stored elsewhere, as an argon2 hash."""

    name: str
    role: Role
    created_at: dt.datetime
    disabled_at: dt.datetime | None
    password_changed_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in user's session, until it ends or expires.

    Parameters
    ----------
    csrf_token
        Token that every unsafe request of the session must carry with the cookie.
    seen_at
        When it was last used, to the minute.
    expires_at
        When it ends however much it is used.
    """

    name: str
    role: Role
    csrf_token: str
    created_at: dt.datetime
    seen_at: dt.datetime
    expires_at: dt.datetime
