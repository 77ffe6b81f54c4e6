"""Frozen rows of cases: what is sent to the credit department, and what became of it.

Owns the shapes and how the state of a case follows from its events; they know no SQL.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

CaseKind = Literal["order", "limit"]
CaseEventKind = Literal["commented", "read", "endorsed", "accepted", "amended", "refused", "withdrawn"]
CaseState = Literal["open", "endorsed", "accepted", "amended", "refused", "withdrawn"]
CASE_KINDS: tuple[CaseKind, ...] = ("order", "limit")
CASE_STATES: tuple[CaseState, ...] = ("open", "endorsed", "accepted", "amended", "refused", "withdrawn")
PENDING: tuple[CaseState, ...] = ("open", "endorsed")
"""States in which a case waits for an answer."""
CLOSING: tuple[CaseEventKind, ...] = ("accepted", "amended", "refused", "withdrawn")
"""Events of which a case has at most one, its last answer."""


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """Something that a person did to a case.

    Parameters
    ----------
    kind
        `endorsed` is the first approval of two; `read` that the asker saw the answer.
    level
        The role of `APPROVERS` that the person acted with; empty for the asker and for comments.
    terms
        What is approved, as JSON values; empty for other events.
    entry_id
        The event's entry in the audit log; empty for `read`.
    override_id
        The override that an approved limit set.
    """

    case_id: int
    kind: CaseEventKind
    who: str
    reason: str = ""
    level: str = ""
    terms: Mapping[str, Any] = field(default_factory=dict)
    entry_id: str = ""
    override_id: int | None = None
    event_id: int = 0
    at: dt.datetime | None = None

    @property
    def closes(self) -> bool:
        """Whether it is the case's last answer."""
        return self.kind in CLOSING

    def document(self) -> dict[str, Any]:
        """Return the event as plain JSON values."""
        return {
            "event_id": self.event_id,
            "kind": self.kind,
            "who": self.who,
            "level": self.level or None,
            "reason": self.reason,
            "terms": dict(self.terms) or None,
            "at": None if self.at is None else self.at.isoformat(),
            "override_id": self.override_id,
            "entry_id": self.entry_id or None,
        }


@dataclass(frozen=True, slots=True)
class ApprovalCase:
    """A question that waits for a person of the credit department, or was answered by one.

    Parameters
    ----------
    kind
        `order`, or `limit` for a larger limit of a customer.
    customer_id, siren
        Of whom; a prospect has no customer id, and may have no SIREN.
    who
        Who asks.
    answer_id
        The answer of the audit log on which it rests.
    approver
        The role of `APPROVERS` whose level the question needs.
    approvals
        How many persons must approve: 1 or 2.
    amount_eur
        The order's amount, or the limit asked for.
    question
        What is asked: the terms of the order or of the limit, as JSON values.
    facts
        What the approver needs to see, as of the question, as JSON values.
    """

    kind: CaseKind
    customer_id: str | None
    siren: str | None
    name: str
    who: str
    answer_id: str
    approver: str
    approvals: int
    amount_eur: float
    question: Mapping[str, Any]
    facts: Mapping[str, Any]
    reason: str
    case_id: int = 0
    opened_at: dt.datetime | None = None
    events: tuple[CaseEvent, ...] = ()

    @property
    def closed(self) -> CaseEvent | None:
        """Return its last answer, None while it waits for one."""
        return next((one for one in self.events if one.closes), None)

    @property
    def endorsed(self) -> CaseEvent | None:
        """Return the first approval of two, None without."""
        return next((one for one in self.events if one.kind == "endorsed"), None)

    @property
    def state(self) -> CaseState:
        """Return its state, which follows from its events."""
        found = self.closed or self.endorsed
        return "open" if found is None else found.kind  # type: ignore[return-value]  # these kinds are states

    @property
    def unread(self) -> bool:
        """Whether somebody else did something that the asker has not seen."""
        return bool(self.events) and self.events[-1].who != self.who

    def document(self) -> dict[str, Any]:
        """Return the case as plain JSON values, with its events, the oldest first."""
        return {
            "case_id": self.case_id,
            "kind": self.kind,
            "state": self.state,
            "customer_id": self.customer_id,
            "siren": self.siren,
            "name": self.name,
            "who": self.who,
            "opened_at": None if self.opened_at is None else self.opened_at.isoformat(),
            "reason": self.reason,
            "answer_id": self.answer_id,
            "approver": self.approver,
            "approvals": self.approvals,
            "amount_eur": self.amount_eur,
            "question": dict(self.question),
            "facts": dict(self.facts),
            "events": [one.document() for one in self.events if one.kind != "read"],
            "unread": self.unread,
        }


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases a list has; None for no condition.

    Parameters
    ----------
    who
        Asked by this person.
    levels, not_by
        Of these approvers, and neither asked nor endorsed by this person: an inbox.
    """

    states: tuple[CaseState, ...] | None = None
    kind: CaseKind | None = None
    customer_id: str | None = None
    who: str | None = None
    levels: tuple[str, ...] | None = None
    not_by: str | None = None
