"""Assessment of one order of a customer, with the decision on it.

Owns the combination of assessment and decision. Both are computed elsewhere; the caller provides the limit in
force.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from models.errors import CreditError
from models.law.legal_terms import due_date
from models.policy.decision.decision import Decision, decide
from models.policy.overrides import set_by_hand

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from models.assessment.assessment import Assessment, CreditRequest, CustomerState
    from models.policy.credit_case import CreditCase
    from models.policy.decision.order import Order
    from models.policy.document import Policy


class OrderAssessor(Protocol):
    """An assessor: champion models under the policy in force."""

    @property
    def policy(self) -> Policy:
        """The policy in force."""

    def assess(self, state: CustomerState, request: CreditRequest) -> Assessment:
        """Assess one customer."""

    def assess_many(
        self, states: Sequence[CustomerState], requests: Sequence[CreditRequest]
    ) -> list[Assessment]:
        """Assess customers in one batch."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision with the assessment and the limit that it is based on.

    Parameters
    ----------
    in_force
        The document of the limit and the grade in force.
    limit_eur, grade
        The parts of it set by a person, None where nobody did; the assessment keeps the model's own.
    """

    assessment: Assessment
    decision: Decision
    in_force: Mapping[str, Any]
    limit_eur: float | None
    grade: str | None


def decide_for(
    assessor: OrderAssessor,
    state: CustomerState,
    request: CreditRequest,
    order: Order,
    in_force: Callable[[Assessment], Mapping[str, Any]],
    *,
    asker: str | None = None,
) -> Decided:
    """Assess a customer for an order, and decide on it under the limit and the grade in force.

    Parameters
    ----------
    request
        The yearly forecast. Amount and terms are the order's.
    in_force
        Returns the document of the limit and the grade in force for an assessment
        (`models.policy.overrides.InForce.document`).
    asker
        The caller's role; None for one without a level of authority.

    Raises
    ------
    CreditError
        The order cannot be decided on.
    """
    order.check()
    answer = assessor.assess(state, request_for(state, request, order))
    counts = in_force(answer)
    limit_eur, grade = set_by_hand(counts, assessor.policy)
    decision = decide_on(
        answer,
        order,
        assessor.policy,
        limit_eur,
        grade=grade,
        asker=asker,
        again=reassessor_of(assessor, state, request),
    )
    return Decided(answer, decision, counts, limit_eur, grade)


def request_for(state: CustomerState, request: CreditRequest, order: Order) -> CreditRequest:
    """Return the request for an order: its amount, and the days to its due date."""
    due = due_date(state.as_of, order.terms_days, order.invoice_basis)
    return replace(request, amount_eur=order.amount_eur, terms_days=(due - state.as_of).days)


def reassessor_of(
    assessor: OrderAssessor, state: CustomerState, request: CreditRequest
) -> Callable[[Order], CreditCase]:
    """Return a function that assesses the customer for an order on other terms, to verify conditions."""
    return lambda order: assessor.assess(state, request_for(state, request, order)).case


def decide_on(
    answer: Assessment,
    order: Order,
    policy: Policy,
    override_eur: float | None = None,
    *,
    grade: str | None = None,
    asker: str | None = None,
    again: Callable[[Order], CreditCase] | None = None,
) -> Decision:
    """Decide on an order by an assessment made under the same policy.

    Parameters
    ----------
    again
        See `reassessor_of`; without it, other terms are assumed to leave the rest unchanged.

    Raises
    ------
    CreditError
        The assessment was made under another policy, so its figures may differ in meaning.
    """
    if answer.policy_hash != policy.hash:
        raise CreditError(
            f"the assessment was made under policy {answer.policy_hash} and {policy.hash} is in force; "
            "assess the customer again"
        )
    confidence = None if answer.pd_12m is None else answer.pd_12m.confidence

    def graded(case: CreditCase) -> CreditCase:
        return case if grade is None else replace(case, grade=grade)

    return decide(
        graded(answer.case),
        order,
        policy,
        override_eur,
        confidence=confidence,
        asker=asker,
        again=None if again is None else lambda order: graded(again(order)),
    )
