"""The forms that send, answer, comment and take back a case: read, and faults reported.

Owns what is typed and the words of what the policy refuses. Who may do what is `serving.usecases.cases`' and
`serving.usecases.case_answers`'.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.policy.approval import reaches
from models.wording.messages import french
from serving.schemas.questions import MOST_EUR
from serving.usecases.case_answers import CaseAnswer
from serving.web.forms import Typed, figure_text
from serving.web.view_models.override_form import OverrideForm

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from models.errors import CaseRefusedError
    from models.policy.document import Policy
    from serving.callers import Caller
    from serving.store import ApprovalCase
    from serving.web.words import Words

LONGEST_REASON = 1000
_MOST_DAYS = 365
_FIELD = {"limit_eur": "limit", "value": "limit", "amount_eur": "amount"}
"""Fields of the forms by the names that faults have."""


@dataclass(frozen=True, slots=True)
class LimitWish:
    """A limit that is asked for, as it was read."""

    limit_eur: float
    valid_until: dt.date | None
    reason: str


@dataclass(frozen=True, slots=True)
class CaseRights:
    """What a person may do to a case now."""

    may_answer: bool
    may_withdraw: bool
    may_amend: bool


def rights_of(case: ApprovalCase, person: Caller, level: str | None, policy: Policy) -> CaseRights:
    """Return what a person may do to a case now; a lower level may grant less."""
    is_pending = case.closed is None
    is_asker = case.who == person.name
    allowed = not is_asker or policy.approval.asker_may_approve
    is_second = case.endorsed is not None
    is_other = case.endorsed is None or case.endorsed.who != person.name
    enough = reaches(level, case.approver) if is_second else reaches(level, "sales_manager")
    return CaseRights(
        may_answer=is_pending and allowed and is_other and enough,
        may_withdraw=is_pending and is_asker,
        may_amend=not is_second,
    )


def form_of(case: ApprovalCase, w: Words) -> OverrideForm:
    """Return the form of an answer, filled in with what was asked."""
    terms = case.question
    typed = {"until": str(terms["valid_until"])}
    if case.kind == "limit":
        typed["limit"] = figure_text(terms["limit_eur"], w.language)
    else:
        typed["amount"] = figure_text(terms["amount_eur"], w.language)
        typed["terms"] = str(terms["terms_days"])
        typed["deposit"] = figure_text(round(terms["deposit_share"] * 100, 2), w.language)
    return OverrideForm(typed, {})


def answer_of(
    case: ApprovalCase, sent: Mapping[str, str], w: Words
) -> tuple[CaseAnswer | None, OverrideForm]:
    """Read an answer; None where a field is at fault."""
    typed = Typed(sent, w)
    reason = typed.text("reason", LONGEST_REASON, needed=True) or ""
    if sent.get("action") == "refuse" or case.endorsed is not None:
        answer = CaseAnswer("refuse" if sent.get("action") == "refuse" else "accept", reason)
        return (None if typed.faults else answer), OverrideForm(sent, typed.faults)
    until = typed.day("until")
    read: dict[str, float | int | None]
    if case.kind == "limit":
        read = {"limit_eur": typed.number("limit", 0.0, MOST_EUR, needed=True)}
    else:
        share = typed.number("deposit", 0.0, 100.0, example="30")
        read = {
            "amount_eur": typed.number("amount", 0.01, MOST_EUR, needed=True),
            "terms_days": typed.whole("terms", 0, _MOST_DAYS, needed=True),
            "deposit_share": (share or 0.0) / 100,
        }
    if typed.faults:
        return None, OverrideForm(sent, typed.faults)
    changed = {name: value for name, value in read.items() if value != case.question[name]}
    dated = {} if until is None else {"valid_until": until.isoformat()}
    answer = CaseAnswer("amend" if changed else "accept", reason, {**changed, **dated})
    return answer, OverrideForm(sent, {})


def limit_of(sent: Mapping[str, str], w: Words) -> tuple[LimitWish | None, OverrideForm]:
    """Read a limit that is asked for; None where a field is at fault."""
    typed = Typed(sent, w)
    limit = typed.number("limit", 0.0, MOST_EUR, needed=True)
    until, reason = typed.day("until"), typed.text("reason", LONGEST_REASON, needed=True)
    form = OverrideForm(sent, typed.faults)
    if limit is None or reason is None or typed.faults:
        return None, form
    return LimitWish(limit, until, reason), form


def reason_of(sent: Mapping[str, str], w: Words) -> tuple[str | None, OverrideForm]:
    """Read a reason alone; None where it is missing or too long."""
    typed = Typed(sent, w)
    reason = typed.text("reason", LONGEST_REASON, needed=True)
    return reason, OverrideForm(sent, typed.faults)


def _told(message: str, w: Words) -> str:
    """Return a refusal of a value as a sentence; a general one where its French is missing."""
    has_words = w.language == "en" or french(message) != message
    return w.refusal(message) if has_words else w("case_fault.value")


def refused_form(sent: Mapping[str, str], error: CaseRefusedError, policy: Policy, w: Words) -> OverrideForm:
    """Return the form with what the policy refuses, in the person's words, each at its field."""
    faults, remark = {}, ""
    for name, message in error.faults:
        if name == "reason":
            faults["reason"] = w("fault.reason", least=w.number(policy.overrides.shortest_reason))
        elif name == "valid_until":
            faults["until"] = w("case_fault.until", days=w.days(policy.overrides.longest_days))
        elif name in _FIELD:
            faults[_FIELD[name]] = _told(message, w)
        else:
            remark = w(f"case_fault.{name}")
    return OverrideForm(sent, faults, remark)
