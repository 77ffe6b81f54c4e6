"""What pages ask for: a customer's file, and a decision on an order.

Owns finding and asking, and that an answer is in the audit log before it is shown; what is shown of it is
the view models'.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.assessment import CreditRequest
from models.errors import UnknownCustomerError
from models.policy.approval import APPROVERS
from models.policy.decision import decide
from models.policy.legal_terms import due_date
from serving.assessing import state_of
from serving.entries import entry_of_assessment, new_answer_id
from serving.web.view_models.working import override_of

if TYPE_CHECKING:
    from models.assessment import Assessment
    from models.policy.decision import Decision
    from models.policy.order import Order
    from serving.security import Caller
    from serving.services import Services
    from serving.store import Override, Store
    from serving.store.published_rows import CustomerFile


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision with what it rests on; `override` is the limit that a person set, None where none did."""

    assessment: Assessment
    decision: Decision
    override: Override | None


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


def decided(found: CustomerFile, order: Order, services: Services, person: Caller) -> Decided:
    """Decide on an order of a customer, and enter the answer in the audit log.

    Raises
    ------
    CreditError
        The order cannot be decided on, or the answer cannot be logged.
    """
    assessor, today = services.assessor(), services.today()
    state = state_of(found.stored, services.current_run())
    days = (due_date(state.as_of, order.terms_days, order.invoice_basis) - state.as_of).days
    assessment = assessor.assess(state, CreditRequest(order.amount_eur, min(days, 365)))
    override = override_of([one for one in found.overrides if one.in_force(today)], "limit")
    decision = decide(
        assessment.case,
        order,
        assessor.policy,
        None if override is None else float(override.value),
        confidence=assessment.pd_12m.confidence,
        asker=person.role if person.role in APPROVERS else None,
    )
    asked = {"customer_id": found.stored.row.customer_id, "order": order.document()}
    answer_id = new_answer_id()
    answer = {**decision.document(), "answer_id": answer_id}
    services.recorder.record(
        entry_of_assessment(person, "decision", asked, state, assessment, answer, answer_id)
    )
    return Decided(assessment, decision, override)
