"""One question about credit: a known customer or a prospect, answered with the published run's knowledge.

Owns putting together what the assessor needs; computes nothing itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.assessment import CustomerState
from models.errors import UnknownCustomerError
from models.surroundings import surroundings_of
from serving.known_numbers import known_numbers

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from models.assessment import Assessment
    from models.surroundings import EntityNumber
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
    return assessor.assess(state_asked_about(question, services, assessor), question.request())


def state_asked_about(question: AssessmentIn, services: Services, assessor: CreditAssessor) -> CustomerState:
    """Return what is known of whom the question is about.

    Raises
    ------
    UnknownCustomerError
        The portfolio does not hold the customer.
    """
    run = services.current_run()
    if question.prospect is not None:
        others = known_numbers(question.prospect.siren, run, services.store())
        return _prospect(question.prospect, run, services.today(), assessor, others)
    return state_of(find_customer(services.store(), question.customer_id or ""), run)


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
    prospect: ProspectIn, run: Run, today: dt.date, assessor: CreditAssessor, others: Sequence[EntityNumber]
) -> CustomerState:
    peers = (run.context or {}).get("peers", {})
    accounts = [year.row(today) for year in prospect.accounts]
    party = prospect.party()
    around = surroundings_of(party, run.context, 0.0, others)
    return assessor.state_of_prospect(party, accounts, today, peers, around)
