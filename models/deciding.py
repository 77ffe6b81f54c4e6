"""An order of one customer, assessed and decided on.

Owns how the assessor's answer and the policy's decision go together. Each is computed elsewhere; where an
analyst's limit comes from is the caller's.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from models.errors import CreditError
from models.law.legal_terms import due_date
from models.policy.decision import Decision, decide

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.assessment import Assessment, CreditRequest, CustomerState
    from models.policy.order import Order
    from models.policy.policy import Policy


class Asked(Protocol):
    """Who assesses: the models in charge under the policy in force."""

    @property
    def policy(self) -> Policy:
        """The policy in force."""

    def assess(self, state: CustomerState, request: CreditRequest) -> Assessment:
        """Assess one customer."""

    def assess_many(
        self, states: Sequence[CustomerState], requests: Sequence[CreditRequest]
    ) -> list[Assessment]:
        """Assess customers at once."""


def decide_for(
    assessor: Asked,
    state: CustomerState,
    request: CreditRequest,
    order: Order,
    override_eur: float | None = None,
    *,
    grade: str | None = None,
    asker: str | None = None,
) -> tuple[Assessment, Decision]:
    """Assess a customer for an order, and decide on it.

    Parameters
    ----------
    request
        What else is known: the yearly forecast. Amount and terms are the order's.
    override_eur, grade
        The limit and the grade that an analyst has set, where one is in force; the assessment keeps the
        model's own.
    asker
        The role of who asks; None asks nothing of it.

    Raises
    ------
    CreditError
        The order cannot be decided on.
    """
    order.check()
    answer = assessor.assess(state, request_for(state, request, order))
    return answer, decide_on(answer, order, assessor.policy, override_eur, grade=grade, asker=asker)


def request_for(state: CustomerState, request: CreditRequest, order: Order) -> CreditRequest:
    """Return the request that asks about an order: its amount, and the days to its due date."""
    due = due_date(state.as_of, order.terms_days, order.invoice_basis)
    return replace(request, amount_eur=order.amount_eur, terms_days=(due - state.as_of).days)


def decide_on(
    answer: Assessment,
    order: Order,
    policy: Policy,
    override_eur: float | None = None,
    *,
    grade: str | None = None,
    asker: str | None = None,
) -> Decision:
    """Decide on an order by an assessment that was made under the same policy.

    Raises
    ------
    CreditError
        The assessment was made under another policy: its figures may mean something else.
    """
    if answer.policy_hash != policy.hash:
        raise CreditError(
            f"the assessment was made under policy {answer.policy_hash} and {policy.hash} is in force; "
            "assess the customer again"
        )
    case = answer.case if grade is None else replace(answer.case, grade=grade)
    return decide(case, order, policy, override_eur, confidence=answer.pd_12m.confidence, asker=asker)
