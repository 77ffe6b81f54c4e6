"""Store methods and statements on named views of the list of customers: save, rename, delete, list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, or_, select, update

from models.errors import StoreError
from serving.store.database import Database
from serving.store.engine import transaction
from serving.store.saved_views_schema import SAVED_VIEWS

if TYPE_CHECKING:
    from sqlalchemy import Connection, RowMapping


@dataclass(frozen=True, slots=True)
class SavedView:
    """A named view.

    Parameters
    ----------
    query
        The query of the list's address.
    shared
        Whether everybody sees it.
    """

    view_id: int
    owner: str
    name: str
    query: str
    shared: bool


class SavedViewStore(Database):
    """Store named views."""

    def save_view(self, owner: str, name: str, query: str, *, shared: bool) -> SavedView:
        """Save a view; a name that its owner has already gets the new query."""
        values = {"query": query, "shared": shared, "saved_at": self._clock()}
        mine = (SAVED_VIEWS.c.owner == owner, SAVED_VIEWS.c.name == name)
        with transaction(self._engine, writes=True, alone=True) as connection:
            made = update(SAVED_VIEWS).where(*mine).values(**values).returning(*SAVED_VIEWS.c)
            row = connection.execute(made).mappings().one_or_none()
            if row is None:
                new = insert(SAVED_VIEWS).values(owner=owner, name=name, **values)
                row = connection.execute(new.returning(*SAVED_VIEWS.c)).mappings().one()
            return _view(row)

    def rename_view(self, view_id: int, name: str) -> None:
        """Rename a view; `StoreError` where there is none, or its owner has another of that name."""
        with transaction(self._engine, writes=True, alone=True) as connection:
            found = _get(connection, view_id)
            twin = select(SAVED_VIEWS.c.view_id).where(
                SAVED_VIEWS.c.owner == found.owner,
                SAVED_VIEWS.c.name == name,
                SAVED_VIEWS.c.view_id != view_id,
            )
            if connection.scalars(twin).first() is not None:
                raise StoreError(f"a view is called {name!r} already; choose another name")
            same = SAVED_VIEWS.c.view_id == view_id
            connection.execute(update(SAVED_VIEWS).where(same).values(name=name))

    def delete_view(self, view_id: int) -> None:
        """Delete a view; idempotent."""
        with transaction(self._engine, writes=True) as connection:
            connection.execute(delete(SAVED_VIEWS).where(SAVED_VIEWS.c.view_id == view_id))

    def saved_view(self, view_id: int) -> SavedView:
        """Return a view; `StoreError` where there is none."""
        with transaction(self._engine) as connection:
            return _get(connection, view_id)

    def saved_views(self, user: str) -> tuple[SavedView, ...]:
        """Return the views of a user and those that are shared, by name."""
        seen = or_(SAVED_VIEWS.c.owner == user, SAVED_VIEWS.c.shared)
        query = select(SAVED_VIEWS).where(seen).order_by(SAVED_VIEWS.c.name, SAVED_VIEWS.c.view_id)
        with transaction(self._engine) as connection:
            return tuple(_view(row) for row in connection.execute(query).mappings())


def _get(connection: Connection, view_id: int) -> SavedView:
    query = select(SAVED_VIEWS).where(SAVED_VIEWS.c.view_id == view_id)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise StoreError(f"there is no view {view_id}")
    return _view(row)


def _view(row: RowMapping) -> SavedView:
    return SavedView(row["view_id"], row["owner"], row["name"], row["query"], row["shared"])
