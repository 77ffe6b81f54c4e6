"""Statements on users: add, read with their hash, change the password, disable, list.

Owns the representation of a user in the table. A disabled user's name is never reused: the audit log
identifies people by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from models.errors import StoreError
from serving.store.access_rows import ROLES, Role, User
from serving.store.runs import in_utc
from serving.store.schema import USERS

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy import ColumnElement, Connection, RowMapping

LONGEST_NAME = 100


def checked_name(name: str) -> str:
    """Return a user's name stripped of surrounding spaces.

    Raises
    ------
    StoreError
        It is empty, too long or not printable.
    """
    found = name.strip()
    if not found or len(found) > LONGEST_NAME or not found.isprintable():
        raise StoreError(f"a user's name is {name!r}; 1 to {LONGEST_NAME} printable characters are allowed")
    return found


def add(
    connection: Connection, name: str, role: Role, password_hash: str, now: dt.datetime
) -> tuple[User, int]:
    """Add a user, and return the user with its id.

    Raises
    ------
    StoreError
        The role is invalid, or the name is or was in use.
    """
    if role not in ROLES:
        raise StoreError(f"role is {role!r}; roles are {', '.join(ROLES)}")
    if connection.execute(select(USERS.c.user_id).where(USERS.c.name == name)).first() is not None:
        raise StoreError(f"a user is or was called {name!r}; choose another name")
    moments = {"created_at": now, "password_changed_at": now}
    made = insert(USERS).values(name=name, role=role, password_hash=password_hash, **moments)
    return User(name, role, now, None, now), connection.scalars(made.returning(USERS.c.user_id)).one()


def with_hash(connection: Connection, name: str) -> tuple[User, str] | None:
    """Return an active user with the hash of the password, None if there is none."""
    query = select(USERS).where(USERS.c.name == name, USERS.c.disabled_at.is_(None))
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else (_user(row), row["password_hash"])


def set_password(connection: Connection, name: str, password_hash: str, now: dt.datetime) -> int:
    """Change the password of an active user, and return the user's id.

    Raises
    ------
    StoreError
        There is no such user.
    """
    return _change(connection, name, {"password_hash": password_hash, "password_changed_at": now})


def set_role(connection: Connection, name: str, role: Role) -> int:
    """Change the role of an active user, and return the user's id.

    Raises
    ------
    StoreError
        There is no such user.
    """
    return _change(connection, name, {"role": role})


def id_of(connection: Connection, name: str) -> int:
    """Return the id of an active user.

    Raises
    ------
    StoreError
        There is no such user.
    """
    found = connection.scalars(select(USERS.c.user_id).where(*_active(name))).one_or_none()
    return _known(found, name)


def disable(connection: Connection, name: str, now: dt.datetime) -> int:
    """Disable a user, and return the user's id.

    Raises
    ------
    StoreError
        There is no such user.
    """
    return _change(connection, name, {"disabled_at": now})


def list_all(connection: Connection) -> tuple[User, ...]:
    """Return every user, disabled ones included, sorted by name."""
    return tuple(_user(row) for row in connection.execute(select(USERS).order_by(USERS.c.name)).mappings())


def _change(connection: Connection, name: str, values: dict[str, object]) -> int:
    made = update(USERS).where(*_active(name)).values(**values).returning(USERS.c.user_id)
    return _known(connection.scalars(made).one_or_none(), name)


def _active(name: str) -> tuple[ColumnElement[bool], ...]:
    return USERS.c.name == name, USERS.c.disabled_at.is_(None)


def _known(user_id: int | None, name: str) -> int:
    if user_id is None:
        raise StoreError(f"no user is called {name!r}; `encours users list` shows who there is")
    return user_id


def _user(row: RowMapping) -> User:
    ended = row["disabled_at"]
    return User(
        row["name"],
        row["role"],
        in_utc(row["created_at"]),
        None if ended is None else in_utc(ended),
        in_utc(row["password_changed_at"]),
    )
