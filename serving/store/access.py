"""Store methods on access: keys, users, sessions.

Owns the transactions, with the slow password hashing outside of them; the statements are in `keys`, `users`
and `sessions`. Each change of a key or a user is sealed.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from serving.store import keys, passwords, sessions, users
from serving.store import seals as sealing
from serving.store.database import Database
from serving.store.engine import transaction

if TYPE_CHECKING:
    from serving.store.access_rows import ApiKey, Role, Session, User

GRACE = dt.timedelta(days=7)
"""Grace period of a rotated key."""


class AccessStore(Database):
    """Store API keys, users and sessions."""

    def add_key(self, name: str, role: Role, lasts: dt.timedelta | None = None) -> str:
        """Create an API key and return its plaintext, which is not stored.

        Parameters
        ----------
        lasts
            For how long it opens; without an end where it is not given.
        """
        now = self._clock()
        with transaction(self._engine, writes=True, alone=True) as connection:
            made = keys.add(connection, name, role, now, None if lasts is None else now + lasts)
            sealing.seal_rows(connection, "key", [keys.id_of(connection, made)], self._audit_keys)
            return made

    def rotate_key(self, name: str, grace: dt.timedelta = GRACE, lasts: dt.timedelta | None = None) -> str:
        """Rotate a key: same name and role; the old one is valid until the grace period ends."""
        now = self._clock()
        with transaction(self._engine, writes=True, alone=True) as connection:
            ends = None if lasts is None else now + lasts
            made, old = keys.rotate(connection, name, now, grace, ends)
            rows = [old, keys.id_of(connection, made)]
            sealing.seal_rows(connection, "key", rows, self._audit_keys)
            return made

    def find_key(self, plaintext: str) -> ApiKey | None:
        """Return the valid key with this plaintext or None, and record the day of its use."""
        now = self._clock()
        with transaction(self._engine) as connection:
            found = keys.find(connection, plaintext, now)
        if found is not None and found.last_used_on != now.date():
            with transaction(self._engine, writes=True) as connection:
                keys.used(connection, plaintext, now.date())
        return found

    def revoke_key(self, name: str) -> None:
        """Revoke every key called `name`; `StoreError` if there is none."""
        with transaction(self._engine, writes=True) as connection:
            rows = keys.revoke(connection, name, self._clock())
            sealing.seal_rows(connection, "key", rows, self._audit_keys)

    def list_keys(self) -> tuple[ApiKey, ...]:
        """Return every key, revoked ones included, the oldest first."""
        with transaction(self._engine) as connection:
            return keys.list_all(connection)

    def add_user(self, name: str, role: Role, password: str) -> User:
        """Add a user; `StoreError` if the name is in use, or the role or the password is invalid."""
        name = users.checked_name(name)
        kept = passwords.digest(password, name)
        with transaction(self._engine, writes=True, alone=True) as connection:
            made, user_id = users.add(connection, name, role, kept, self._clock())
            sealing.seal_rows(connection, "user", [user_id], self._audit_keys)
            return made

    def set_password(self, name: str, password: str) -> None:
        """Change a user's password and end every session; `StoreError` if there is no such user."""
        name = users.checked_name(name)
        kept, now = passwords.digest(password, name), self._clock()
        with transaction(self._engine, writes=True) as connection:
            user_id = users.set_password(connection, name, kept, now)
            sealing.seal_rows(connection, "user", [user_id], self._audit_keys)
            sessions.end_all(connection, user_id, now)

    def disable_user(self, name: str) -> None:
        """Disable a user and end every session; `StoreError` if there is no such user."""
        now = self._clock()
        with transaction(self._engine, writes=True) as connection:
            user_id = users.disable(connection, name, now)
            sealing.seal_rows(connection, "user", [user_id], self._audit_keys)
            sessions.end_all(connection, user_id, now)

    def set_role(self, name: str, role: Role) -> None:
        """Change a user's role, which holds in open sessions too; `StoreError` if there is no such user."""
        with transaction(self._engine, writes=True) as connection:
            user_id = users.set_role(connection, name, role)
            sealing.seal_rows(connection, "user", [user_id], self._audit_keys)

    def list_users(self) -> tuple[User, ...]:
        """Return every user, disabled ones included, sorted by name."""
        with transaction(self._engine) as connection:
            return users.list_all(connection)

    def check_password(self, name: str, password: str) -> User | None:
        """Authenticate a user by name and password; None, after the same time, on failure."""
        with transaction(self._engine) as connection:
            found = users.with_hash(connection, name.strip())
        user, kept = (None, None) if found is None else found
        return user if passwords.is_right(password, kept) else None

    def begin_session(self, name: str) -> str:
        """Begin a session of a user and return its token, which is not stored."""
        with transaction(self._engine, writes=True) as connection:
            return sessions.begin(connection, name, self._clock())

    def find_session(self, token: str) -> Session | None:
        """Return the session of a token or None, and record its use."""
        now = self._clock()
        with transaction(self._engine) as connection:
            found = sessions.find(connection, token, now)
        if found is not None and sessions.is_stale(found, now):
            with transaction(self._engine, writes=True) as connection:
                sessions.saw(connection, token, now)
        return found

    def list_sessions(self) -> tuple[Session, ...]:
        """Return the open sessions, the last used first."""
        with transaction(self._engine) as connection:
            return sessions.list_open(connection, self._clock())

    def end_sessions(self, name: str) -> None:
        """End every session of a user; `StoreError` if there is no such user."""
        with transaction(self._engine, writes=True) as connection:
            sessions.end_all(connection, users.id_of(connection, name), self._clock())

    def end_session(self, token: str) -> None:
        """End a session; idempotent."""
        with transaction(self._engine, writes=True) as connection:
            sessions.end(connection, token, self._clock())
