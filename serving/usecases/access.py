"""Who may use the service: users with their roles and sessions, keys of programs.

Every change has its entry in the audit log. Pages and commands call these; how keys, passwords and sessions
are kept is the store's.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models.errors import AccessError, StoreError
from serving.audit.entries import entry_of
from serving.store.access_rows import ROLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from serving.callers import Caller
    from serving.store import Role, Store

LONGEST_KEY_DAYS = 3_650


@dataclass(frozen=True, slots=True)
class ChangeAccess:
    """Add, change and end users, sessions and keys, each change with its entry in the audit log.

    Nobody takes away their own access: an installation keeps somebody who may administer it.

    Parameters
    ----------
    store
        Opens the store, or raises `StoreError`.
    """

    store: Callable[[], Store]

    def add_user(self, name: str, role: str, password: str, caller: Caller) -> str:
        """Let somebody sign in, and return the name as it is stored.

        Raises
        ------
        StoreError
            The name is or was in use, or it, the role or the password is invalid.
        """
        store = self.store()
        made = store.add_user(name, known_role(role), password)
        _record(store, caller, "user", {"change": "add", "name": made.name, "role": made.role})
        return made.name

    def set_password(self, name: str, password: str, caller: Caller) -> None:
        """Change somebody's password and end every session of theirs; `StoreError` without such a user."""
        store = self.store()
        store.set_password(name, password)
        _record(store, caller, "user", {"change": "password", "name": name})

    def set_role(self, name: str, role: str, caller: Caller) -> None:
        """Give somebody another role, which holds within seconds in their sessions too.

        Raises
        ------
        StoreError
            There is no such user, or no such role.
        AccessError
            It is the caller's own.
        """
        _refuse_own(name, caller)
        store = self.store()
        store.set_role(name, known_role(role))
        _record(store, caller, "user", {"change": "role", "name": name, "role": role})

    def disable_user(self, name: str, caller: Caller) -> None:
        """Let somebody sign in no more and end every session of theirs.

        Raises
        ------
        StoreError
            There is no such user.
        AccessError
            It is the caller.
        """
        _refuse_own(name, caller)
        store = self.store()
        store.disable_user(name)
        _record(store, caller, "user", {"change": "disable", "name": name})

    def end_sessions(self, name: str, caller: Caller) -> None:
        """End every session of a user, who may sign in again; `StoreError` without such a user."""
        store = self.store()
        store.end_sessions(name)
        _record(store, caller, "user", {"change": "end_sessions", "name": name})

    def add_key(self, name: str, role: str, days: int | None, caller: Caller) -> str:
        """Make a key and return it, which is not stored.

        Parameters
        ----------
        days
            After which it ends; without an end if None.

        Raises
        ------
        StoreError
            An active key has the name, or it or the role is invalid.
        """
        store, chosen = self.store(), known_role(role)
        made = store.add_key(name, chosen, _lasts(days))
        _record(store, caller, "key", {"change": "add", "name": name, "role": chosen, "expires_days": days})
        return made

    def rotate_key(self, name: str, grace: dt.timedelta, days: int | None, caller: Caller) -> str:
        """Make a new key of the same name and role and return it; the old one is valid for a grace period.

        Raises
        ------
        StoreError
            No active key has the name.
        """
        store = self.store()
        made = store.rotate_key(name, grace, _lasts(days))
        _record(store, caller, "key", {"change": "rotate", "name": name, "grace_days": grace.days})
        return made

    def revoke_key(self, name: str, caller: Caller) -> None:
        """Revoke every key of a name, within seconds; `StoreError` if there is none."""
        store = self.store()
        store.revoke_key(name)
        _record(store, caller, "key", {"change": "revoke", "name": name})


def known_role(name: str) -> Role:
    """Return a role by its name; `StoreError` if it is unknown."""
    chosen = next((known for known in ROLES if known == name), None)
    if chosen is None:
        raise StoreError(f"role is {name!r}; roles are {', '.join(ROLES)}")
    return chosen


def _lasts(days: int | None) -> dt.timedelta | None:
    return None if days is None else dt.timedelta(days=days)


def _refuse_own(name: str, caller: Caller) -> None:
    if caller.via == "session" and name.strip() == caller.name:
        raise AccessError("nobody takes away their own access; another administrator does it")


def _record(store: Store, caller: Caller, action: str, question: dict[str, Any]) -> None:
    store.record_answers([entry_of(caller, action, question, {})])
