"""Named views of the list of customers: everybody's own, and those that are shared with all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.errors import AccessError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from serving.callers import Caller
    from serving.store import Store
    from serving.store.saved_views import SavedView

LONGEST_NAME = 60
LONGEST_QUERY = 2_000


@dataclass(frozen=True, slots=True)
class SavedViews:
    """Save, rename, delete and list named views.

    Parameters
    ----------
    store
        Opens the store, or raises `StoreError`.
    """

    store: Callable[[], Store]

    def save(self, name: str, query: str, caller: Caller, *, shared: bool) -> SavedView:
        """Save a view of the caller's; sharing one takes the right to review.

        Parameters
        ----------
        query
            The query of the list's address, of known fields only.

        Raises
        ------
        StoreError
            The name or the query is empty or too long.
        AccessError
            The caller may not share views.
        """
        if shared and not caller.may("review"):
            raise AccessError("your role does not share views; save it for yourself")
        if len(query) > LONGEST_QUERY:
            raise StoreError("the view has too many filters to be saved")
        return self.store().save_view(caller.name, _checked(name), query, shared=shared)

    def rename(self, view_id: int, name: str, caller: Caller) -> None:
        """Rename a view; `AccessError` where it is somebody else's, `StoreError` where there is none."""
        self._require_own(view_id, caller)
        self.store().rename_view(view_id, _checked(name))

    def delete(self, view_id: int, caller: Caller) -> None:
        """Delete a view; `AccessError` where it is somebody else's, `StoreError` where there is none."""
        self._require_own(view_id, caller)
        self.store().delete_view(view_id)

    def seen_by(self, caller: Caller) -> tuple[SavedView, ...]:
        """Return the views that the caller sees, by name."""
        return self.store().saved_views(caller.name)

    def _require_own(self, view_id: int, caller: Caller) -> None:
        """Refuse to change another's view; an administrator may change those that are shared."""
        found = self.store().saved_view(view_id)
        if found.owner != caller.name and not (found.shared and caller.may("administer")):
            raise AccessError(f"the view {found.name!r} is somebody else's")


def _checked(name: str) -> str:
    found = name.strip()
    if not found or len(found) > LONGEST_NAME or not found.isprintable():
        raise StoreError(f"a view's name has 1 to {LONGEST_NAME} printable characters")
    return found
