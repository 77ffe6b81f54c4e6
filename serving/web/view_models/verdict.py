"""The verdict on top of a page: yes, yes on conditions, or for the credit department.

Owns how a decision, or the credit that is available, is put in a few lines. What is decided is the policy's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models.policy.decision.reasons import NATURAL_PERSON

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from serving.web.words import Words

ROLES = ("alone", "always", "one_of")
_BY_GRADE = "within_limit"
_SALES = ("sales", "sales_manager")
"""Roles that approve small limits and are not the credit department, which a referred order goes to."""


@dataclass(frozen=True, slots=True)
class ConditionsView:
    """Conditions that go together, under one heading."""

    heading: str
    conditions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VerdictView:
    """A verdict.

    Parameters
    ----------
    outcome
        accept, accept_with_conditions or refer: a class for the stylesheet; the headline says it in words.
    order
        The order that the verdict is on; empty where none is asked about.
    allowed
        What the calculation allows of an order that is referred all the same; empty where there is none.
    conditions
        Those that the headline does not name.
    reason
        The one that counts most.
    approval
        Who approves, or that nobody has to.
    answer_id
        Under which the answer is in the audit log; None where it is part of a page.
    """

    outcome: str
    headline: str
    order: str
    conditions: tuple[ConditionsView, ...]
    reason: str
    approval: str
    valid_until: str
    allowed: str = ""
    answer_id: str | None = None


def order_verdict(answer: Mapping[str, Any], w: Words) -> VerdictView:
    """Make the verdict on an order.

    Parameters
    ----------
    answer
        A decision as plain JSON values, as `serving.usecases.decide` answers it.
    """
    order, outcome = answer["order"], answer["outcome"]
    if answer.get("approved_case"):
        return _approved(answer, w)
    headline = w("verdict.yes") if outcome == "accept" else _without_amount(answer, w)
    return VerdictView(
        outcome,
        headline,
        _order(order, w),
        _groups(answer, w),
        _reason(answer, answer["in_force"]["grade"], w),
        _approval(answer, w),
        answer["valid_until"],
        answer_id=answer["answer_id"],
    )


def _approved(answer: Mapping[str, Any], w: Words) -> VerdictView:
    """Make the verdict on an order that a person approved."""
    case = answer["approved_case"]
    return VerdictView(
        "accept",
        w("verdict.approved", who=case["who"]),
        _order(answer["order"], w),
        (),
        case["reason"],
        w("verdict.approved_case", number=case["case_id"], at=w.day(case["at"])),
        case["valid_until"],
        answer_id=answer["answer_id"],
    )


def available_verdict(found: Mapping[str, Any], grade: str, w: Words) -> VerdictView:
    """Make the verdict where no order is asked about.

    Parameters
    ----------
    found
        The available credit as plain JSON values (`models.policy.decision.available_credit`).
    grade
        The one in force.
    """
    outcome, largest_eur = found["outcome"], found["largest_order_eur"]
    amount = {"eur": w.eur(largest_eur), "days": w.days(found["terms_days"])}
    allowed = ""
    if outcome == "accept":
        headline = w("verdict.yes_up_to", **amount)
    elif outcome == "accept_with_conditions" and largest_eur:
        headline = w("verdict.yes_up_to_if", **amount)
    else:
        headline = _without_amount(found, w)
        allowed = w("verdict.allowed", **amount) if largest_eur else ""
    groups = _groups(found, w, is_inline=not largest_eur)
    reason, approval = _reason(found, grade, w), _approval(found, w)
    return VerdictView(outcome, headline, "", groups, reason, approval, found["valid_until"], allowed)


def conditions_of(found: Sequence[Mapping[str, Any]], w: Words) -> tuple[ConditionsView, ...]:
    """Group conditions by how they go together."""
    labels = {role: tuple(_label(one, w) for one in found if one["role"] == role) for role in ROLES}
    return tuple(ConditionsView(w(f"verdict.{role}"), some) for role, some in labels.items() if some)


def _without_amount(answer: Mapping[str, Any], w: Words) -> str:
    if answer["outcome"] == "refer":
        return w("verdict.refer")
    made = answer["conditions"]
    return w("verdict.yes_if", condition=_label(made[0], w)) if len(made) == 1 else w("verdict.yes_ifs")


def _groups(answer: Mapping[str, Any], w: Words, *, is_inline: bool = True) -> tuple[ConditionsView, ...]:
    """Return the groups of conditions; none where the headline names the only one."""
    made, outcome = answer["conditions"], answer["outcome"]
    is_named = is_inline and len(made) == 1 and outcome == "accept_with_conditions"
    return () if is_named else conditions_of(made, w)


def _reason(answer: Mapping[str, Any], grade: str, w: Words) -> str:
    """Return the reason that counts most: what refers the order, else how it compares with the limit."""
    reasons = answer["reasons"]
    refers = [one for one in reasons if one["refers"]]
    # What happened to a company comes before who decides about a person.
    facts = [one for one in refers if one["code"] != NATURAL_PERSON.code]
    first = (facts or refers or reasons[-1:])[0]
    if answer["outcome"] == "accept_with_conditions" and first["code"] == _BY_GRADE:
        return w("verdict.by_grade", grade=grade)
    return f"{_label(first, w).rstrip('.')}."


def _approval(answer: Mapping[str, Any], w: Words) -> str:
    approver = answer["approval"]
    if approver is None:
        return w("verdict.no_approval")
    if answer["outcome"] == "refer" and approver["role"] in _SALES:
        return w("verdict.credit_decides")
    return w("verdict.approval", who=_label(approver, w))


def _order(order: Mapping[str, Any], w: Words) -> str:
    """Write an order: its amount, its terms and its deposit."""
    eur = w.eur(order["amount_eur"], 0 if order["amount_eur"].is_integer() else 2)
    if order["prepaid"]:
        return w("verdict.order_prepaid", eur=eur)
    terms = w(f"verdict.terms_{order['invoice_basis']}", days=w.days(order["terms_days"]))
    asked = w("verdict.order", eur=eur, terms=terms)
    if not order["deposit_eur"]:
        return asked
    return w("verdict.order_deposit", order=asked, eur=w.eur(order["deposit_eur"]))


def _label(one: Mapping[str, Any], w: Words) -> str:
    return w.either(one["label_fr"], one["label_en"])
