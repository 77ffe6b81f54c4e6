"""One question about credit: a known customer or a prospect, answered with the published run's knowledge.

Owns putting together what the assessor needs; computes nothing itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.assessment import CustomerState, Party
from models.errors import UnknownCustomerError

if TYPE_CHECKING:
    from models.assessment import Assessment
    from serving.schemas import AssessmentIn, ProspectIn
    from serving.services import CreditAssessor, Services
    from serving.store import Store, StoredCustomer


def answer(question: AssessmentIn, services: Services, assessor: CreditAssessor) -> Assessment:
    """Assess whom the question is about.

    Raises
    ------
    UnknownCustomerError
        The portfolio does not hold the customer.
    """
    if question.prospect is not None:
        return _prospect(question.prospect, question, services, assessor)
    services.current_run()
    stored = find_customer(services.store(), question.customer_id or "")
    state = CustomerState(Party.from_document(stored.row.party), stored.as_of, stored.row.state)
    return assessor.assess(state, question.request())


def find_customer(store: Store, customer_id: str) -> StoredCustomer:
    """Return a customer of the published run.

    Raises
    ------
    UnknownCustomerError
        The portfolio does not hold it.
    """
    stored = store.customer(customer_id)
    if stored is None:
        raise UnknownCustomerError(
            f"no customer {customer_id!r} in the portfolio; search for it, or ask about a prospect"
        )
    return stored


def _prospect(
    prospect: ProspectIn, question: AssessmentIn, services: Services, assessor: CreditAssessor
) -> Assessment:
    run, today = services.current_run(), services.today()
    peers = (run.context or {}).get("peers", {})
    accounts = [year.row(today) for year in prospect.accounts]
    return assessor.assess_prospect(prospect.party(), accounts, question.request(), today, peers)
