"""Conditions of an order, and the order with a condition met.

Owns the shapes; which conditions are made is `models.policy.decision.conditions`'.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from models.policy.decision.order import order_exposure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from models.policy.credit_case import CreditCase
    from models.policy.decision.order import Order, OrderExposure
    from models.policy.document import Policy

    Again = Callable[[Order], CreditCase]

ConditionRole = Literal["alone", "always", "one_of"]


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of an order, and how it combines with the others.

    Parameters
    ----------
    code
        `terms`, `deposit`, `means_of_payment`, `cover`, `approval` or `prepayment`.
    value
        Days, euros of deposit, a means of payment, or the insured or the approved limit in euros.
    share
        The deposit's share of the order, or the share of a loss that the cover pays; None otherwise.
    basis
        What the days of terms count from; None otherwise.
    role
        `alone`: it is enough by itself. Else every `always` is needed, and one of the `one_of` if any.
    """

    code: str
    value: float | str
    label_fr: str
    label_en: str
    role: ConditionRole = "alone"
    share: float | None = None
    basis: str | None = None

    @property
    def cumulative(self) -> bool:
        """Whether it is not enough by itself."""
        return self.role != "alone"

    def document(self) -> dict[str, Any]:
        """Return the condition as plain JSON values."""
        return {**asdict(self), "cumulative": self.cumulative}


@dataclass(frozen=True, slots=True)
class Question:
    """An order to decide on, with the customer's figures.

    Parameters
    ----------
    approved_eur
        The limit that somebody approved; None without one.
    again
        Assesses the customer again for an order on other terms, of which it may pay sooner or later. Without
        it the figures of the case stay as they are.
    """

    case: CreditCase
    order: Order
    approved_eur: float | None = None
    again: Again | None = None

    def exposure(self, policy: Policy) -> OrderExposure:
        """Return the limit in force and what the order leaves of it."""
        return order_exposure(self.case, self.order, policy, self.approved_eur)

    def on_terms(self, days: int, basis: str) -> Question:
        """Return the question about the same order on other terms."""
        order = replace(self.order, terms_days=days, invoice_basis=basis)
        case = self.case if self.again is None else self.again(order)
        return replace(self, case=case, order=order)


def met(condition: Condition, question: Question) -> Question:
    """Return the question with a condition met."""
    order = question.order
    if condition.code == "terms":
        return question.on_terms(int(condition.value), str(condition.basis))
    if condition.code == "deposit":
        share = max(order.deposit_share, condition.share or 0.0)
        return replace(question, order=replace(order, deposit_share=share))
    if condition.code == "means_of_payment":
        return replace(question, order=replace(order, means_of_payment=str(condition.value)))
    if condition.code == "cover":
        return replace(question, case=covered(question.case, float(condition.value), condition.share or 0.0))
    if condition.code == "approval":
        return replace(question, approved_eur=float(condition.value))
    return replace(question, order=replace(order, prepaid=True))


def all_met(made: Iterable[Condition], question: Question) -> Question:
    """Return the question with all of the given conditions met."""
    for condition in made:
        question = met(condition, question)
    return question


def covered(case: CreditCase, insured_eur: float, share: float) -> CreditCase:
    """Return a customer's case with another insured limit."""
    return replace(case, insured_limit_eur=insured_eur, covered_share=share, insured_currency=case.currency)
