"""What is known of the subject of a question: a customer of the published run, or a prospect.

Owns putting together what the assessor needs; computes nothing itself.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from models.assessment.assessment import CustomerState
from models.assessment.related_exposure import EntityNumber, related_exposure_of
from models.errors import NotPublishedError, UnknownCustomerError
from models.policy.credit_case import case_of
from serving.usecases.prospect_enrichment import filings_of, is_natural_person

if TYPE_CHECKING:
    import datetime as dt

    from serving.registers.lookup import ProspectFacts
    from serving.schemas.questions import ProspectIn
    from serving.store import CustomerRow, Run, Store, StoredCustomer
    from serving.usecases.assessors import CreditAssessor
    from serving.usecases.prospect_enrichment import Enriched

MOST_NUMBERS = 100


def published_run(store: Store) -> Run:
    """Return the published run.

    Raises
    ------
    NotPublishedError
        No run is published yet.
    """
    run = store.current_run()
    if run is None:
        raise NotPublishedError
    return run


def subject_state(
    enriched: Enriched, store: Store, assessor: CreditAssessor, today: dt.date
) -> CustomerState:
    """Return the state of the subject of a question.

    Parameters
    ----------
    today
        On which a prospect is assessed.

    Raises
    ------
    NotPublishedError
        No run is published yet.
    UnknownCustomerError
        The portfolio does not hold the customer.
    """
    run, question = published_run(store), enriched.question
    if question.prospect is not None:
        return prospect_state(question.prospect, enriched.found, run, store, assessor, today)
    return state_of(find_customer(store, question.customer_id or ""), run)


def prospect_state(
    prospect: ProspectIn,
    found: ProspectFacts | None,
    run: Run,
    store: Store,
    assessor: CreditAssessor,
    today: dt.date,
) -> CustomerState:
    """Return what is known of a prospect, with its peers and its sector in a published run.

    Parameters
    ----------
    found
        What the registers say: their notices count, and so does that it is a natural person; None where
        nobody was looked up.
    """
    peers = (run.context or {}).get("peers", {})
    accounts = [year.row(today) for year in prospect.accounts]
    party, filings = prospect.party(), []
    if found is not None:
        filings = filings_of(found)
        natural = party.natural_person or is_natural_person(found)
        party = replace(party, natural_person=natural, unlisted=found.state == "unknown")
    around = related_exposure_of(party, run.context, 0.0, known_numbers(prospect.siren, run, store))
    return assessor.state_of_prospect(party, accounts, today, peers, around, filings)


def known_numbers(siren: str | None, run: Run, store: Store) -> tuple[EntityNumber, ...]:
    """Return the customer numbers of a SIREN in a published run, so that a prospect is met as who it is.

    Raises
    ------
    StoreError
        The store is away.
    CreditError
        What the night kept of one of them cannot be read.
    """
    if siren is None:
        return ()
    ids = [line.customer_id for line in store.search(siren, MOST_NUMBERS).items if line.siren == siren]
    return tuple(_number(row) for row in store.scored_of(run.run_id, ids)) if ids else ()


def state_of(stored: StoredCustomer, run: Run) -> CustomerState:
    """Return what a published run knows of a customer, with what its group and its sector owe."""
    row = stored.row
    return CustomerState.of_run(row.party, stored.as_of, row.state, row.open_eur, run.context)


def unknown_customer(customer_id: str) -> UnknownCustomerError:
    """Return the error of a customer that the portfolio does not hold."""
    return UnknownCustomerError(
        f"no customer {customer_id!r} in the portfolio; search for it, or assess it as a prospect"
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


def _number(row: CustomerRow) -> EntityNumber:
    case = case_of(row.assessment)
    return EntityNumber(
        row.customer_id, row.name, row.open_eur, case.oldest_overdue_days, case.in_default, row.pd_12m
    )
