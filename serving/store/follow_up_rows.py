"""Frozen rows of the follow-up of customers: reviews and assignments.

Owns the shapes only; they know no SQL.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import datetime as dt


@dataclass(frozen=True, slots=True)
class Review:
    """A person looked at a customer and left its limit and its grade as they are.

    Parameters
    ----------
    who
        Who reviewed the customer.
    note
        What the person found; None without a note.
    review_id, at
        Its number in the history and the moment it was stored; 0 and None before.
    """

    customer_id: str
    who: str
    reviewed_on: dt.date
    note: str | None = None
    review_id: int = 0
    at: dt.datetime | None = None

    def document(self) -> dict[str, Any]:
        """Return the review as plain JSON values."""
        return {
            "review_id": self.review_id,
            "customer_id": self.customer_id,
            "who": self.who,
            "reviewed_on": self.reviewed_on.isoformat(),
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class Assignment:
    """A customer is a user's to follow up.

    Parameters
    ----------
    assignee
        The user's name; None where the customer is nobody's.
    who
        Who assigned it.
    assignment_id, at
        Its number in the history and the moment it was stored; 0 and None before.
    """

    customer_id: str
    assignee: str | None
    who: str
    assignment_id: int = 0
    at: dt.datetime | None = None

    def document(self) -> dict[str, Any]:
        """Return the assignment as plain JSON values."""
        return {
            "assignment_id": self.assignment_id,
            "customer_id": self.customer_id,
            "assignee": self.assignee,
            "who": self.who,
            "assigned_at": None if self.at is None else self.at.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Oversight:
    """Whose a customer is, and who looked at it last; None each where nobody."""

    assignee: str | None = None
    reviewed_on: dt.date | None = None
    reviewed_by: str | None = None


@dataclass(frozen=True, slots=True)
class AlertFollowUp:
    """What persons did about an alert.

    Parameters
    ----------
    seen_by, seen_at
        The newest review of its customer since the night was published; None without one.
    owner
        Whose the customer is; None where it is nobody's.
    """

    seen_by: str | None = None
    seen_at: dt.datetime | None = None
    owner: str | None = None

    def document(self) -> dict[str, Any]:
        """Return the follow-up as plain JSON values."""
        seen_at = None if self.seen_at is None else self.seen_at.isoformat()
        return {"seen_by": self.seen_by, "seen_at": seen_at, "owner": self.owner}
