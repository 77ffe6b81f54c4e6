"""What pages ask for: a customer's file, and a decision on an order.

Owns finding and asking, and that an answer is in the audit log before it is shown; what is shown of it is
the view models'.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.assessment import CreditRequest
from models.counterfactuals import counterfactuals
from models.deciding import decide_on, request_for
from models.errors import CreditError, UnknownCustomerError
from models.policy.approval import APPROVERS
from models.policy.override_rules import InForce, effective
from serving.assessing import state_of
from serving.entries import entry_of_assessment, new_answer_id

if TYPE_CHECKING:
    from models.assessment import Assessment
    from models.counterfactuals import Counterfactual
    from models.policy.decision import Decision
    from models.policy.order import Order
    from serving.security import Caller
    from serving.services import Services
    from serving.store import Store
    from serving.store.published_rows import CustomerFile


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision with what it rests on."""

    assessment: Assessment
    decision: Decision
    in_force: InForce


def customer_file(store: Store, customer_id: str) -> CustomerFile:
    """Return everything the store knows of a customer of the published run.

    Raises
    ------
    UnknownCustomerError
        The portfolio does not hold it.
    """
    found = store.customer_file(customer_id)
    if found is None:
        raise UnknownCustomerError(f"no customer {customer_id!r} in the portfolio; search for it")
    return found


def in_force_today(found: CustomerFile, services: Services) -> InForce:
    """Return the limit and the grade in force for a customer, beside the models' own.

    Where no assessor answers now, a grade that was set leaves the limit as it is.
    """
    try:
        policy = services.assessor().policy
    except CreditError:
        policy = None
    return effective(found.stored.row.assessment, found.overrides, services.today(), policy)


def decided(found: CustomerFile, order: Order, services: Services, person: Caller) -> Decided:
    """Decide on an order of a customer, and enter the answer in the audit log.

    Raises
    ------
    CreditError
        The order cannot be decided on, or the answer cannot be logged.
    """
    assessor, today = services.assessor(), services.today()
    state = state_of(found.stored, services.current_run())
    assessment = assessor.assess(state, request_for(state, CreditRequest(), order))
    in_force = effective(assessment.document(), found.overrides, today, assessor.policy)
    override_eur = in_force.limit_eur if in_force.limit_from == "override" else None
    asker = person.role if person.role in APPROVERS else None
    decision = decide_on(assessment, order, assessor.policy, override_eur, asker=asker)
    asked = {"customer_id": found.stored.row.customer_id, "order": order.document()}
    answer_id = new_answer_id()
    answer = {**decision.document(), "answer_id": answer_id}
    services.recorder.record(
        entry_of_assessment(person, "decision", asked, state, assessment, answer, answer_id)
    )
    return Decided(assessment, decision, in_force)


def what_would_help(found: CustomerFile, services: Services) -> tuple[Counterfactual, ...] | None:
    """Return the few changes that would better a customer's answer; None where nobody can be asked now."""
    try:
        assessor = services.assessor()
    except CreditError:
        return None
    return counterfactuals(assessor, state_of(found.stored, services.current_run()), CreditRequest())
