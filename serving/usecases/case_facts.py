"""What a case asks, and what its approver needs to see of it.

Owns how an answer of the audit log, or a published customer, becomes the question and the facts of a case,
and which amount its approval is measured by: the limit that allows the order, counted by legal entity, as
`models.policy.decision.conditions.approver_needed` measures it.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from models.policy.decision.order import Order, to_next_step
from models.policy.overrides import recommended_eur

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from models.policy.document import Policy
    from models.policy.overrides import InForce
    from serving.store import ApprovalCase, AuditEntry, CustomerRow

DECISION = "decision"
ORDER_TERMS = ("amount_eur", "terms_days", "invoice_basis", "deposit_share", "prepaid", "means_of_payment")
_DECIDED = (
    "outcome",
    "label_fr",
    "label_en",
    "reasons",
    "conditions",
    "exposure_before_eur",
    "exposure_after_eur",
    "limit_in_force_eur",
    "recommended_limit_eur",
    "available_eur",
    "policy_version",
)


def order_question(entry: AuditEntry, valid_until: dt.date) -> dict[str, Any]:
    """Return the terms of the order that a decision answered, and until when they are asked for."""
    order = entry.answer["order"]
    return {name: order[name] for name in ORDER_TERMS} | {"valid_until": valid_until.isoformat()}


def order_facts(entry: AuditEntry, row: CustomerRow | None) -> dict[str, Any]:
    """Return what the approver of an order needs to see of the decision on it.

    Parameters
    ----------
    row
        The customer as published; None for a prospect.
    """
    answer = entry.answer
    return {
        **{name: answer[name] for name in _DECIDED},
        **_assessed(answer["assessment"]),
        "grade": answer["in_force"]["grade"],
        "limit_from": answer["in_force"]["limit_from"],
        "overdue_eur": None if row is None else row.overdue_eur,
    }


def limit_facts(row: CustomerRow, counts: InForce, policy: Policy) -> dict[str, Any]:
    """Return what the approver of a limit needs to see of the customer as published."""
    own = row.assessment
    return {
        **_assessed(own),
        "exposure_before_eur": row.open_eur,
        "limit_in_force_eur": counts.limit_eur,
        "limit_from": counts.limit_from,
        "recommended_limit_eur": recommended_eur(own, policy),
        "available_eur": max(round(counts.limit_eur - max(row.open_eur, 0.0), 2), 0.0),
        "grade": counts.grade,
        "overdue_eur": row.overdue_eur,
        "policy_version": policy.version,
    }


def measured_eur(case: ApprovalCase, terms: Mapping[str, Any], policy: Policy) -> float:
    """Return the amount that the levels of approval are compared with, in euros."""
    entity_eur = float(case.facts["entity_open_eur"])
    if case.kind == "limit":
        return float(terms["limit_eur"]) + entity_eur
    return to_next_step(exposure_after(case, terms), policy) + entity_eur


def exposure_after(case: ApprovalCase, terms: Mapping[str, Any]) -> float:
    """Return what is owed after an order on some terms, in euros; never below 0."""
    known = {one.name for one in fields(Order)}
    order = Order(**{name: value for name, value in terms.items() if name in known})
    return max(round(float(case.facts["exposure_before_eur"]) + order.credit_eur, 2), 0.0)


def _assessed(assessment: Mapping[str, Any]) -> dict[str, Any]:
    pd_12m = assessment["pd_12m"]
    return {
        "as_of": assessment["as_of"],
        "pd_12m": None if pd_12m is None else pd_12m["value"],
        "p_late30": assessment["p_late30"]["value"],
        "entity_open_eur": float(assessment.get("case", {}).get("entity_open_eur", 0.0)),
        "natural_person": bool(assessment["party"].get("natural_person")),
    }
