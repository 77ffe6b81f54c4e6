"""What was done about a customer's debt, and whether its line of the worklist waits for its day.

Owns the kinds of actions, what each must carry, and the follow-up: a line whose action has a day leaves the
worklist until then, and a broken promise comes back first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, get_args

from models.portfolio.worklist import STAGE_OF

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

ActionKind = Literal[
    "call", "letter", "promise", "dispute_opened", "dispute_closed", "declared", "postponed", "note"
]
ACTION_KINDS: tuple[ActionKind, ...] = get_args(ActionKind)
NOTE: ActionKind = "note"
"""The kind that leaves a line where it is."""
_DATED: frozenset[ActionKind] = frozenset({"promise", "dispute_opened", "postponed"})
FollowUpState = Literal["open", "parked", "broken"]


@dataclass(frozen=True, slots=True)
class CollectionAction:
    """One action of a person about a customer's debt.

    Parameters
    ----------
    note
        What was said; None without a note.
    amount_eur
        The amount promised, above 0; None for other kinds.
    until
        The day promised, or the day of the next step: the line waits until then. None where it does not wait.
    tone
        The line's proposal then, of `models.portfolio.worklist.PROPOSALS`; None without a line.
    owed
        Open amount by invoice number when it was recorded: a promise is judged by what was paid of it.
    action_id, at
        Its number in the history and the moment it was stored; 0 and None before.
    """

    customer_id: str
    kind: ActionKind
    who: str
    note: str | None = None
    amount_eur: float | None = None
    until: dt.date | None = None
    tone: str | None = None
    owed: Mapping[str, float] = field(default_factory=dict)
    action_id: int = 0
    at: dt.datetime | None = None

    def document(self) -> dict[str, Any]:
        """Return the action as plain JSON values."""
        return {
            "action_id": self.action_id,
            "customer_id": self.customer_id,
            "kind": self.kind,
            "note": self.note,
            "amount_eur": self.amount_eur,
            "until": None if self.until is None else self.until.isoformat(),
            "who": self.who,
            "at": None if self.at is None else self.at.isoformat(),
        }

    def paid_eur(self, owed_now: Mapping[str, float]) -> float:
        """Return what was paid since of the invoices open then, whatever fell due later."""
        cents = sum(
            max(round(eur * 100) - round(owed_now.get(invoice_id, 0.0) * 100), 0)
            for invoice_id, eur in self.owed.items()
        )
        return cents / 100


@dataclass(frozen=True, slots=True)
class ActionFault:
    """A fault of an action by field.

    Parameters
    ----------
    code
        `missing`, `past`, `amount` or `unexpected`.
    """

    field: str
    code: str
    message: str


def action_faults(action: CollectionAction, today: dt.date) -> tuple[ActionFault, ...]:
    """Validate an action before it is recorded; return every fault, or nothing."""
    found = []
    if action.kind in _DATED and action.until is None:
        found.append(ActionFault("until", "missing", f"is missing; a {action.kind} needs a day"))
    if action.until is not None and action.until < today:
        found.append(ActionFault("until", "past", f"is {action.until}; from {today} on is allowed"))
    if action.kind == "promise":
        if action.amount_eur is None:
            found.append(ActionFault("amount_eur", "missing", "is missing; a promise needs an amount"))
        elif action.amount_eur <= 0:
            found.append(ActionFault("amount_eur", "amount", "is 0 or less; euros above 0 are allowed"))
    elif action.amount_eur is not None:
        found.append(ActionFault("amount_eur", "unexpected", f"is given; a {action.kind} has no amount"))
    if action.kind == NOTE and not action.note:
        found.append(ActionFault("note", "missing", "is missing; write what is to be noted"))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Where a line of the worklist is after the last action.

    Parameters
    ----------
    state
        `open`: to work on; `parked`: it waits until its day; `broken`: a promise that was not kept.
    until
        The day it waits for, or that was promised.
    """

    state: FollowUpState
    until: dt.date | None
    action: CollectionAction


def follow_up_of(
    action: CollectionAction, tone: str, owed_now: Mapping[str, float], as_of: dt.date, today: dt.date
) -> FollowUp:
    """Return where a line is after its last action that is no note.

    A promise is judged once its day is past and a night of that day or later is published: it is broken where
    less than promised was paid of the invoices open then. A proceeding that opened after the action ends the
    wait: the claim is to be declared.

    Parameters
    ----------
    tone
        The line's proposal now.
    owed_now
        Open amount by invoice number in the published night.
    as_of
        The day of the published night.
    """
    until = action.until
    if until is None or _entered_proceeding(action, tone):
        return FollowUp("open", None, action)
    if action.kind == "promise":
        if action.paid_eur(owed_now) >= (action.amount_eur or 0.0):
            return FollowUp("open", None, action)
        is_over = today > until and as_of >= until
        return FollowUp("broken" if is_over else "parked", until, action)
    return FollowUp("parked" if today < until else "open", until, action)


def _entered_proceeding(action: CollectionAction, tone: str) -> bool:
    was = None if action.tone is None else STAGE_OF[action.tone]
    return STAGE_OF[tone] == "insolvency" != was
