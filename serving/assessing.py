"""One question about credit: a known customer or a prospect, answered with the published run's knowledge.

Owns putting together what the assessor needs; computes nothing itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.assessment import CustomerState
from models.errors import UnknownCustomerError
from models.surroundings import surroundings_of

if TYPE_CHECKING:
    from models.assessment import Assessment
    from serving.schemas import AssessmentIn, ProspectIn
    from serving.services import CreditAssessor, Services
    from serving.store import Run, Store, StoredCustomer


def answer(question: AssessmentIn, services: Services, assessor: CreditAssessor) -> Assessment:
    """Assess whom the question is about.

    Raises
    ------
    UnknownCustomerError
        The portfolio does not hold the customer.
    """
    if question.prospect is not None:
        return _prospect(question.prospect, question, services, assessor)
    run = services.current_run()
    stored = find_customer(services.store(), question.customer_id or "")
    return assessor.assess(state_of(stored, run), question.request())


def state_of(stored: StoredCustomer, run: Run) -> CustomerState:
    """Return what a published run knows of a customer, with what its group and its sector owe."""
    row = stored.row
    return CustomerState.of_run(row.party, stored.as_of, row.state, row.open_eur, run.context)


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
    party = prospect.party()
    around = surroundings_of(party, run.context, 0.0)
    return assessor.assess_prospect(party, accounts, question.request(), today, peers, around)
