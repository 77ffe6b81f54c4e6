"""Mark customers as reviewed and assign them to users, each recorded with its entry in the audit log.

Owns what a review and an assignment may name. How both are kept is the store's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models.errors import UnknownUserError
from serving.audit.entries import entry_of
from serving.store import Assignment, Review
from serving.usecases.subjects import published_run, unknown_customer

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    from serving.callers import Caller
    from serving.store import ListPage, Store


@dataclass(frozen=True, slots=True)
class MarkReviewed:
    """Record that somebody looked at customers today and left them as they are.

    Parameters
    ----------
    store
        Opens the store, or raises `StoreError`.
    today
        Returns the day of the review.
    """

    store: Callable[[], Store]
    today: Callable[[], dt.date]

    def __call__(self, customer_ids: Sequence[str], note: str | None, caller: Caller) -> tuple[Review, ...]:
        """Record a review of each customer, and its entry in the audit log with it, all or none.

        Parameters
        ----------
        customer_ids
            At most some hundreds; one that is repeated is reviewed once.
        note
            What was found; None without a note.

        Returns
        -------
        tuple of Review
            In the order of the customers.

        Raises
        ------
        NotPublishedError
            No run is published yet.
        UnknownCustomerError
            The portfolio does not hold one of them; nothing is recorded.
        """
        store, on = self.store(), self.today()
        known = _known(store, customer_ids)
        note = (note or "").strip() or None
        question = {"note": note, "reviewed_on": on.isoformat()}
        return store.add_reviews(
            [Review(one, caller.name, on, note) for one in known],
            [entry_of(caller, "review", {"customer_id": one, **question}, {}, one) for one in known],
        )


@dataclass(frozen=True, slots=True)
class AssignCustomers:
    """Assign customers to a user, or to nobody.

    Parameters
    ----------
    store
        Opens the store, or raises `StoreError`.
    """

    store: Callable[[], Store]

    def __call__(
        self, customer_ids: Sequence[str], assignee: str | None, caller: Caller
    ) -> tuple[Assignment, ...]:
        """Record an assignment of each customer, and its entry in the audit log with it, all or none.

        Parameters
        ----------
        customer_ids
            As of `MarkReviewed`.
        assignee
            The name of an active user; None takes the customers back.

        Returns
        -------
        tuple of Assignment
            In the order of the customers.

        Raises
        ------
        NotPublishedError
            No run is published yet.
        UnknownCustomerError
            The portfolio does not hold one of them; nothing is recorded.
        UnknownUserError
            No active user has the name.
        """
        store = self.store()
        known = _known(store, customer_ids)
        if assignee is not None and assignee not in assignees(store):
            raise UnknownUserError(f"no active user is called {assignee!r}; choose one of the list")
        question = {"assignee": assignee}
        return store.add_assignments(
            [Assignment(one, assignee, caller.name) for one in known],
            [entry_of(caller, "assignment", {"customer_id": one, **question}, {}, one) for one in known],
        )


def assignees(store: Store) -> tuple[str, ...]:
    """Return the names of the active users, to whom customers can be assigned."""
    return tuple(user.name for user in store.list_users() if user.disabled_at is None)


def reviews_document(page: ListPage[Review]) -> dict[str, Any]:
    """Return a page of reviews as plain JSON values."""
    return {
        "items": [one.document() for one in page.items],
        "total": page.total,
        "limit": page.limit,
        "offset": page.offset,
        "next_offset": page.next_offset,
    }


def _known(store: Store, customer_ids: Sequence[str]) -> tuple[str, ...]:
    """Return the customers without repetitions, all of them of the published run."""
    published_run(store)
    wanted = tuple(dict.fromkeys(customer_ids))
    known = store.known_customers(wanted)
    for one in wanted:
        if one not in known:
            raise unknown_customer(one)
    return wanted
