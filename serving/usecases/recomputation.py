"""An answer of the log computed again by an assessor: an assessment, or a decision that rests on one.

Owns how each kind of answer is made again of its state and its question, and which part of it is made by the
models and the policy. An override that was in force then counts as it did: it stands in the answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.assessment.assessment import CreditRequest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.assessment.assessment import CustomerState
    from models.assessment.assessor import Assessor
    from serving.store import AuditEntry

NOT_COMPUTED = ("answer_id", "in_force", "facts", "counterfactuals", "available", "approved_case")
"""What an answer carries beside what the models and the policy make."""
DECISION = "decision"
OUTCOME_LABELS = ("label_fr", "label_en")


def answered(entry: AuditEntry) -> dict[str, Any]:
    """Return what the models and the policy made of an answer."""
    return {name: value for name, value in entry.answer.items() if name not in NOT_COMPUTED}


def computed(assessor: Assessor, state: CustomerState, entry: AuditEntry) -> dict[str, Any] | None:
    """Return the answer to the same question; None where the features are not those of then any more."""
    if assessor.lacks(state.vector.schema):
        return None
    if entry.action == DECISION:
        return _decision(assessor, state, entry)
    asked = (entry.question.get(name) for name in ("amount_eur", "terms_days", "yearly_forecast_eur"))
    return as_then(assessor.assess(state, CreditRequest(*asked)).document(), entry.answer)


def _decision(assessor: Assessor, state: CustomerState, entry: AuditEntry) -> dict[str, Any]:
    from models.assessment.order_assessment import decide_for  # noqa: PLC0415  # beside the models
    from serving.schemas.decisions import DecisionIn  # noqa: PLC0415
    from serving.usecases.decide import approval_role  # noqa: PLC0415

    question, then = DecisionIn.model_validate(dict(entry.question)), entry.answer
    found = decide_for(
        assessor,
        state,
        question.request(),
        question.order(),
        lambda _: then["in_force"],
        asker=approval_role(entry.role),
    )
    assessment = as_then(found.assessment.document(), then["assessment"])
    now = {**found.decision.document(), "assessment": assessment}
    now["order"] = _said(now["order"], then["order"])
    if now["outcome"] == then["outcome"]:
        # What an outcome is called may change; which one it is may not.
        now.update({name: then[name] for name in OUTCOME_LABELS})
    return _said(now, then)


def _said(now: dict[str, Any], then: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what an answer of an earlier version did not say."""
    return {name: value for name, value in now.items() if name in then}


def as_then(now: dict[str, Any], then: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out of an assessment what answers did not say yet when an old one was given."""
    return {name: _as_then(value, then[name]) for name, value in _said(now, then).items()}


def _as_then(now: Any, then: Any) -> Any:  # noqa: ANN401  # JSON values of any kind
    if isinstance(now, dict) and isinstance(then, dict):
        return as_then(now, then)
    if isinstance(now, list) and isinstance(then, list) and len(now) == len(then):
        return [_as_then(one, other) for one, other in zip(now, then, strict=True)]
    return now
