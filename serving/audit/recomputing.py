"""An answer of the log computed again by an assessor: an assessment, or a decision that rests on one.

Owns how each kind of answer is made again of its state and its question, and which part of it is made by the
models and the policy. An override that was in force then counts as it did: it stands in the answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.assessment import CreditRequest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.assessment import CustomerState
    from models.assessor import Assessor
    from serving.store import AuditEntry

NOT_COMPUTED = ("answer_id", "in_force", "facts", "counterfactuals")
"""What an answer carries beside what the models and the policy make."""
DECISION = "decision"
LATER = ("rests_on", "p_later_than")
"""What answers of an earlier version do not say."""


def answered(entry: AuditEntry) -> dict[str, Any]:
    """Return what the models and the policy made of an answer."""
    return {name: value for name, value in entry.answer.items() if name not in NOT_COMPUTED}


def computed(assessor: Assessor, state: CustomerState, entry: AuditEntry) -> dict[str, Any] | None:
    """Return the answer to the same question; None where the features are not those of then any more."""
    from models.features.build import EARLIER_STATES, STATE_COLUMNS  # noqa: PLC0415  # pandas, loaded with the models

    if len(state.values) not in (len(STATE_COLUMNS), *EARLIER_STATES):
        return None
    if entry.action == DECISION:
        return _decision(assessor, state, entry)
    asked = (entry.question.get(name) for name in ("amount_eur", "terms_days", "yearly_forecast_eur"))
    return as_then(assessor.assess(state, CreditRequest(*asked)).document(), entry.answer)


def _decision(assessor: Assessor, state: CustomerState, entry: AuditEntry) -> dict[str, Any]:
    from models.deciding import decide_on, request_for  # noqa: PLC0415  # beside the models
    from models.policy.approval import APPROVERS  # noqa: PLC0415
    from serving.shapes.decisions import DecisionIn  # noqa: PLC0415

    question = DecisionIn.model_validate(dict(entry.question))
    order, counted = question.order(), entry.answer["in_force"]
    assessment = assessor.assess(state, request_for(state, question.request(), order))
    limit_eur = counted["limit_eur"] if counted["limit_from"] == "override" else None
    asker = entry.role if entry.role in APPROVERS else None
    decision = decide_on(assessment, order, assessor.policy, limit_eur, asker=asker)
    now = as_then(assessment.document(), entry.answer["assessment"])
    return {**decision.document(), "assessment": now}


def as_then(now: dict[str, Any], then: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out of an assessment what answers did not say yet when an old one was given."""
    kept = {name: value for name, value in now.items() if name in then or name not in LATER}
    for name in ("p_late30", "pd_12m"):
        told = then.get(name, {})
        kept[name] = {key: value for key, value in kept[name].items() if key in told or key not in LATER}
    return kept
