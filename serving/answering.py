"""Answers about credit that go out: assessed, with what is in force, and entered in the audit log first.

Owns the order of these steps. How an assessment is computed is the assessor's, how the log is written
`serving.audit.recorder`'s; decisions and batches enter what they answer through `enter` too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models.policy.overrides import InForce, effective
from serving.assessing import state_asked_about
from serving.audit.entries import entry_of_assessment, new_answer_id
from serving.usecases.prospect_enrichment import fill

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.assessment.assessment import Assessment
    from serving.api.schemas.questions import AssessmentIn
    from serving.api.security import Caller
    from serving.registers.lookup import ProspectFacts
    from serving.services import CreditAssessor, Services


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer that is in the log, as JSON values with its id.

    Parameters
    ----------
    question
        As it was answered: a prospect filled in from the registers.
    """

    answer_id: str
    document: Mapping[str, Any]
    question: AssessmentIn


def answer_assessment(
    question: AssessmentIn,
    services: Services,
    assessor: CreditAssessor,
    caller: Caller,
    found: ProspectFacts | None = None,
) -> Answered:
    """Assess whom the question is about, and enter the answer in the audit log before it goes out.

    A prospect is filled in from the registers first; the answer and the log hold what they said.

    Parameters
    ----------
    found
        What the registers said of the prospect just now; they are asked without it.

    Raises
    ------
    UnknownCustomerError
        The portfolio does not hold the customer.
    StoreError
        The log cannot be written: nothing may be answered.
    """
    filled = fill(question, services.lookups.find if found is None else lambda _: found)
    state = state_asked_about(filled, services, assessor)
    assessment = assessor.assess(state, question.request())
    answer_id = new_answer_id()
    in_force = in_force_of(assessment, services, assessor)
    document = {**assessment.document(), "answer_id": answer_id, "in_force": in_force.document()}
    document |= filled.document()
    asked = filled.question.model_dump(mode="json", exclude_none=True)
    entry = entry_of_assessment(caller, "assessment", asked, state, assessment, document, answer_id)
    services.recorder.record(entry)
    return Answered(answer_id, document, filled.question)


def in_force_of(assessment: Assessment, services: Services, assessor: CreditAssessor) -> InForce:
    """Return the limit and the grade in force for whom was assessed: an override's, else the model's own."""
    customer_id = assessment.party.customer_id
    found = () if customer_id is None else services.store().overrides(customer_id)
    return effective(assessment.document(), found, services.today(), assessor.policy)
