"""One question about credit: a known customer or a prospect, answered with the published run's knowledge.

Owns putting together what the assessor needs; computes nothing itself.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from models.assessment.assessment import CustomerState
from models.assessment.related_exposure import related_exposure_of
from models.errors import UnknownCustomerError
from serving.usecases.known_numbers import known_numbers
from serving.usecases.prospect_enrichment import filings_of, is_natural_person

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from models.assessment.related_exposure import EntityNumber
    from serving.api.schemas.questions import ProspectIn
    from serving.registers.lookup import ProspectFacts
    from serving.services import CreditAssessor, Services
    from serving.store import Run, Store, StoredCustomer
    from serving.usecases.prospect_enrichment import Filled


def state_asked_about(filled: Filled, services: Services, assessor: CreditAssessor) -> CustomerState:
    """Return what is known of whom a question is about.

    Raises
    ------
    UnknownCustomerError
        The portfolio does not hold the customer.
    """
    run, question = services.current_run(), filled.question
    if question.prospect is not None:
        others = known_numbers(question.prospect.siren, run, services.store())
        return state_of_prospect(question.prospect, filled.found, run, services.today(), assessor, others)
    return state_of(find_customer(services.store(), question.customer_id or ""), run)


def state_of_prospect(
    prospect: ProspectIn,
    found: ProspectFacts | None,
    run: Run,
    today: dt.date,
    assessor: CreditAssessor,
    others: Sequence[EntityNumber] = (),
) -> CustomerState:
    """Return what is known of a prospect, with its peers and its sector in a published run.

    Parameters
    ----------
    found
        What the registers say: their notices count, and so does that it is a natural person; None where
        nobody was looked up.
    others
        The customer numbers under which its company is known already.
    """
    peers = (run.context or {}).get("peers", {})
    accounts = [year.row(today) for year in prospect.accounts]
    party, filings = prospect.party(), []
    if found is not None:
        filings = filings_of(found)
        natural = party.natural_person or is_natural_person(found)
        party = replace(party, natural_person=natural, unlisted=found.state == "unknown")
    around = related_exposure_of(party, run.context, 0.0, others)
    return assessor.state_of_prospect(party, accounts, today, peers, around, filings)


def state_of(stored: StoredCustomer, run: Run) -> CustomerState:
    """Return what a published run knows of a customer, with what its group and its sector owe."""
    row = stored.row
    return CustomerState.of_run(row.party, stored.as_of, row.state, row.open_eur, run.context)


def unknown_customer(customer_id: str) -> UnknownCustomerError:
    """Return the error of asking about a customer that the portfolio does not hold."""
    return UnknownCustomerError(
        f"no customer {customer_id!r} in the portfolio; search for it, or ask about a prospect"
    )


def find_customer(store: Store, customer_id: str) -> StoredCustomer:
    """Return a customer of the published run.

    Raises
    ------
    UnknownCustomerError
        The portfolio does not hold it.
    """
    stored = store.customer(customer_id)
    if stored is None:
        raise unknown_customer(customer_id)
    return stored
