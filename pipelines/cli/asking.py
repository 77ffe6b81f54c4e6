"""One question from the command line, answered from the published run like the API's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.assessment.assessment import CustomerState
from models.errors import CreditError, StoreError, UnknownCustomerError
from models.policy.document import load_policy
from models.policy.overrides import effective

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from pathlib import Path

    from models.assessment.assessment import Assessment, CreditRequest
    from models.assessment.assessor import Assessor
    from models.policy.overrides import InForce
    from serving.store import Store


def assess_customer(
    store: Store, assessor: Callable[[], Assessor], customer_id: str, request: CreditRequest
) -> Assessment:
    """Assess a customer of the published run.

    Parameters
    ----------
    assessor
        Loads the champions; called only once the customer is found.

    Raises
    ------
    StoreError
        Nothing is published yet.
    UnknownCustomerError
        The portfolio does not hold the customer.
    CreditError
        What is asked for is out of bounds.
    """
    _check(request)
    state = state_of_customer(store, customer_id)
    return assessor().assess(state, request)


def state_of_customer(store: Store, customer_id: str) -> CustomerState:
    """Return what the published run knows of a customer.

    Raises
    ------
    StoreError
        Nothing is published yet.
    UnknownCustomerError
        The portfolio does not hold the customer; the message names those near it.
    """
    run = store.current_run()
    if run is None:
        raise StoreError("no scores are published yet; run `encours nightly`, or `encours demo` to try it")
    stored = store.customer(customer_id)
    if stored is None:
        near = store.search(customer_id, limit=3).items
        names = ", ".join(f"{one.customer_id} {one.name or ''}".strip() for one in near)
        hint = f"; near it: {names}" if near else "; give a customer number of the ledger"
        raise UnknownCustomerError(f"no customer {customer_id!r} in the portfolio{hint}")
    row = stored.row
    return CustomerState.of_run(row.party, stored.as_of, row.state, row.open_eur, run.context)


def in_force(store: Store, answer: Assessment, policy_path: Path | None, today: dt.date) -> InForce:
    """Return the limit and the grade that count for an assessed customer: an analyst's, or the model's own.

    Raises
    ------
    PolicyError
        The policy cannot be used.
    """
    found = store.overrides(answer.party.customer_id, today)
    return effective(answer.document(), found, today, load_policy(policy_path))


def _check(request: CreditRequest) -> None:
    bounds = (
        ("--amount", request.amount_eur, 0.01, 1e9),
        ("--terms", request.terms_days, 0, 365),
        ("--forecast", request.yearly_forecast_eur, 0, 1e9),
    )
    for name, value, low, high in bounds:
        if value is not None and not low <= value <= high:
            raise CreditError(f"{name} is {value}; from {low:,.10g} to {high:,.10g} is allowed")
