"""Requests of the command line as inputs of the use cases; faults are named by option.

`serving.usecases` computes and records the answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from models.errors import CreditError, UnknownCustomerError
from serving.schemas.questions import AssessmentIn
from serving.usecases.subjects import published_run

if TYPE_CHECKING:
    from models.policy.decision.order import Order
    from serving.schemas.decisions import DecisionIn
    from serving.store import Store

Question = TypeVar("Question", bound=BaseModel)
_BOUNDS = (("--amount", 0.01, 1e9), ("--terms", 0, 365), ("--forecast", 0, 1e9))


def assessment_question(
    customer_id: str, amount_eur: float | None, terms_days: int | None, yearly_forecast_eur: float | None
) -> AssessmentIn:
    """Build the request about a customer.

    Raises
    ------
    CreditError
        A value is out of bounds.
    """
    given = (amount_eur, terms_days, yearly_forecast_eur)
    for (name, low, high), value in zip(_BOUNDS, given, strict=True):
        if value is not None and not low <= value <= high:
            raise CreditError(f"{name} is {value}; from {low:,.10g} to {high:,.10g} is allowed")
    asked = {
        "customer_id": customer_id,
        "amount_eur": amount_eur,
        "terms_days": terms_days,
        "yearly_forecast_eur": yearly_forecast_eur,
    }
    return _validated(AssessmentIn, asked)


def decision_question(customer_id: str, order: Order, yearly_forecast_eur: float | None) -> DecisionIn:
    """Build the request about a customer's order.

    Raises
    ------
    CreditError
        The order is out of bounds.
    """
    from serving.schemas.decisions import DecisionIn  # noqa: PLC0415  # only this command needs the schema

    order.check()
    commitments = order.commitments
    asked = {
        "customer_id": customer_id,
        "yearly_forecast_eur": yearly_forecast_eur,
        "amount_eur": order.amount_eur,
        "terms_days": order.terms_days,
        "deposit_share": order.deposit_share,
        "prepaid": order.prepaid,
        "invoice_basis": order.invoice_basis,
        "means_of_payment": order.means_of_payment,
        "delivered_not_invoiced_eur": commitments.delivered_not_invoiced_eur,
        "ordered_not_delivered_eur": commitments.ordered_not_delivered_eur,
        "deposits_eur": commitments.deposits_eur,
    }
    return _validated(DecisionIn, asked)


def require_customer(store: Store, customer_id: str) -> None:
    """Check that the published run holds a customer, before models are loaded.

    Raises
    ------
    NotPublishedError
        Nothing is published yet.
    UnknownCustomerError
        The portfolio does not hold the customer; the message names those near it.
    """
    published_run(store)
    if store.customer(customer_id) is None:
        near = store.search(customer_id, limit=3).items
        names = ", ".join(f"{one.customer_id} {one.name or ''}".strip() for one in near)
        hint = f"; near it: {names}" if near else "; give a customer number of the ledger"
        raise UnknownCustomerError(f"no customer {customer_id!r} in the portfolio{hint}")


def _validated(question: type[Question], asked: dict[str, Any]) -> Question:
    try:
        return question.model_validate(asked)
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise CreditError(told) from error
