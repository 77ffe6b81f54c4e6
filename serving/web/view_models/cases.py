"""Cases sent to the credit department, as lists and one by one.

Owns how a case, its terms, its facts and its events are put in words. Reading the forms is `case_forms`'.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models.policy.approval import reaches
from models.policy.sections.approval import APPROVERS
from serving.web.view_models.verdict import conditions_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from serving.store import ApprovalCase, CaseEvent
    from serving.web.view_models.verdict import ConditionsView
    from serving.web.words import Words

_EUROS = (
    "exposure_before_eur",
    "exposure_after_eur",
    "overdue_eur",
    "limit_in_force_eur",
    "recommended_limit_eur",
    "available_eur",
)


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in a list.

    Parameters
    ----------
    asked
        What is asked, in a few words.
    state
        A state of `CASE_STATES`: a class for the stylesheet, shown with its words.
    approver
        Whose level it needs, and how many persons where that is two.
    """

    case_id: int
    name: str
    asked: str
    state: str
    state_words: str
    approver: str
    sent: str
    unread: bool


@dataclass(frozen=True, slots=True)
class CaseEventView:
    """An event of a case: what, by whom and when, its terms in words, and its reason."""

    title: str
    terms: str
    reason: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case with everything its approver needs.

    Parameters
    ----------
    facts
        Pairs of a name and a value, as of the question.
    answer_id
        The answer of the audit log on which it rests.
    """

    line: CaseLine
    customer_id: str | None
    reason: str
    facts: tuple[tuple[str, str], ...]
    reasons: tuple[str, ...]
    conditions: tuple[ConditionsView, ...]
    events: tuple[CaseEventView, ...]
    answer_id: str


def case_line(case: ApprovalCase, w: Words) -> CaseLine:
    """Make the line of a case."""
    is_small = not reaches(case.approver, "analyst")
    who = w("cases.credit_department") if is_small else w.either(*APPROVERS[case.approver])
    return CaseLine(
        case.case_id,
        case.name,
        terms_words(case.question, w),
        case.state,
        w(f"case_state.{case.state}"),
        w("cases.two_of", who=who) if case.approvals > 1 else who,
        w("cases.sent", who=case.who, at=w.moment(case.opened_at)),
        case.unread,
    )


def case_view(case: ApprovalCase, w: Words) -> CaseView:
    """Make the view of a case."""
    facts = case.facts
    return CaseView(
        case_line(case, w),
        case.customer_id,
        case.reason,
        tuple(_facts(facts, w)),
        tuple(w.either(one["label_fr"], one["label_en"]) for one in facts.get("reasons", ())),
        conditions_of(facts.get("conditions", ()), w),
        tuple(_event(one, w) for one in case.events if one.kind != "read"),
        case.answer_id,
    )


def terms_words(terms: Mapping[str, Any], w: Words) -> str:
    """Write the terms of an order or of a limit."""
    if "limit_eur" in terms:
        return w("cases.a_limit", eur=w.eur(terms["limit_eur"]), until=w.day(terms["valid_until"]))
    eur = w.eur(terms["amount_eur"], 0 if float(terms["amount_eur"]).is_integer() else 2)
    if terms["prepaid"]:
        return w("verdict.order_prepaid", eur=eur)
    days = w(f"verdict.terms_{terms['invoice_basis']}", days=w.days(terms["terms_days"]))
    asked = w("verdict.order", eur=eur, terms=days)
    deposit_eur = float(terms["amount_eur"]) * float(terms["deposit_share"])
    return w("verdict.order_deposit", order=asked, eur=w.eur(deposit_eur)) if deposit_eur else asked


def _facts(facts: Mapping[str, Any], w: Words) -> list[tuple[str, str]]:
    told = [(w("grade.title"), str(facts["grade"]))]
    told += [(w(f"case_fact.{name}"), w.eur(facts[name])) for name in _EUROS if facts.get(name) is not None]
    if facts["entity_open_eur"]:
        told.append((w("case_fact.entity_open_eur"), w.eur(facts["entity_open_eur"])))
    pd_12m = facts["pd_12m"]
    told.append((w("probability.default"), w("probability.happened") if pd_12m is None else w.share(pd_12m)))
    told.append((w("probability.late"), w.share(facts["p_late30"])))
    return told


def _event(event: CaseEvent, w: Words) -> CaseEventView:
    level = w.either(*APPROVERS[event.level]) if event.level else ""
    who = f"{event.who} ({level})" if level else event.who
    title = w(f"case_event.{event.kind}", who=who, at=w.moment(event.at))
    terms = ""
    if event.terms:
        terms = terms_words(event.terms, w)
        if "limit_eur" not in event.terms:
            terms = w("cases.until", terms=terms, day=w.day(event.terms["valid_until"]))
    return CaseEventView(title, terms, event.reason)
