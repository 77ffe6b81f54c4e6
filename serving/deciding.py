"""Decisions on orders that go out: assessed, with the limit in force, and entered in the audit log first.

Owns the order of these steps; what is decided is `models.assessment.order_assessment`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.policy.sections.approval import APPROVERS
from serving.answering import in_force_of
from serving.assessing import state_asked_about
from serving.audit.entries import entry_of_assessment, new_answer_id
from serving.usecases.prospect_enrichment import fill

if TYPE_CHECKING:
    from serving.api.schemas.decisions import DecisionIn
    from serving.api.security import Caller
    from serving.services import CreditAssessor, Services


def answer_decision(
    question: DecisionIn, services: Services, assessor: CreditAssessor, caller: Caller
) -> dict[str, Any]:
    """Decide on an order, and enter the answer in the audit log before it goes out.

    Raises
    ------
    UnknownCustomerError
        The portfolio does not hold the customer.
    StoreError
        The log cannot be written: nothing may be answered.
    """
    from models.assessment.order_assessment import decide_for  # noqa: PLC0415  # beside the other models, loaded late

    filled, order = fill(question, services.lookups.find), question.order()
    state = state_asked_about(filled, services, assessor)
    found = decide_for(
        assessor,
        state,
        question.request(),
        order,
        lambda answer: in_force_of(answer, services, assessor).document(),
        asker=asker_of(caller.role),
    )
    answer_id = new_answer_id()
    answer = {
        **found.decision.document(),
        "answer_id": answer_id,
        "assessment": found.assessment.document(),
        "in_force": found.in_force,
        **filled.document(),
    }
    asked = filled.question.model_dump(mode="json", exclude_none=True)
    services.recorder.record(
        entry_of_assessment(caller, "decision", asked, state, found.assessment, answer, answer_id)
    )
    return answer


def asker_of(role: str) -> str | None:
    """Return a caller's role as a decision knows it; None for one that has no level."""
    return role if role in APPROVERS else None
