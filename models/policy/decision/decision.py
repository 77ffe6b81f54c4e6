"""The decision on an order: accept, accept with conditions, or refer to the credit team.

Owns the outcome and its shape. A machine never refuses: where it cannot accept, a person decides. Limits come
from `models.policy.limit.limit`, conditions and reasons from the modules next to this one.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from models.errors import CreditError
from models.policy.approval import Approver, approver_of
from models.policy.decision.condition import Condition, Question, all_met
from models.policy.decision.conditions import approver_needed, conditions, is_acceptable, sufficient
from models.policy.decision.reasons import reasons_of
from models.policy.sections.approval import APPROVERS
from models.policy.sections.decision import CONFIDENCES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.policy.credit_case import CreditCase
    from models.policy.decision.condition import Again
    from models.policy.decision.order import Order, OrderExposure
    from models.policy.decision.reasons import DecisionReason
    from models.policy.document import Policy
    from models.policy.limit.limit import CreditLimit


Outcome = Literal["accept", "accept_with_conditions", "refer"]
OUTCOMES: dict[str, tuple[str, str]] = {
    "accept": ("accord", "accept"),
    "accept_with_conditions": ("accord sous conditions", "accept with conditions"),
    "refer": ("à soumettre au service crédit", "refer to credit team"),
}
"""French and English names of the outcomes."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The decision on an order, with its working.

    Parameters
    ----------
    limit
        The policy's own limit, every term of it; the order is in the need.
    limit_in_force_eur
        The limit that counts: one that somebody approved, else the policy's as far as it needs no approval.
    recommended_limit_eur
        What the policy recommends, whether or not it needs approval.
    exposure_before_eur, exposure_after_eur
        What is used of the limit without the order and with its credit.
    available_eur
        What may be owed beyond what is owed already.
    valid_until
        The last day on which the decision is valid.
    conditions
        What the order lacks, each verified by deciding again with it met.
    approval
        Who approves a limit that allows the order, counted by legal entity; None where nobody has to.
    """

    outcome: Outcome
    label_fr: str
    label_en: str
    order: Order
    exposure_before_eur: float
    exposure_after_eur: float
    limit: CreditLimit
    limit_in_force_eur: float
    recommended_limit_eur: float
    available_eur: float
    conditions: tuple[Condition, ...]
    reasons: tuple[DecisionReason, ...]
    needs_human: bool
    valid_until: dt.date
    policy_version: str
    policy_hash: str
    approval: Approver | None

    def document(self) -> dict[str, Any]:
        """Return the decision as plain JSON values, dates in ISO form."""
        return {
            **{name: _plain(value) for name, value in asdict(self).items()},
            "order": self.order.document(),
            "conditions": [condition.document() for condition in self.conditions],
        }


def decide(
    case: CreditCase,
    order: Order,
    policy: Policy,
    limit_eur: float | None = None,
    *,
    confidence: str | None = None,
    asker: str | None = None,
    again: Again | None = None,
) -> Decision:
    """Decide on an order by the policy.

    Parameters
    ----------
    case
        The customer's figures, as an assessment keeps them.
    limit_eur
        The limit that somebody approved, where one is in force; it does not lift a stop.
    confidence
        How sure the probability of default is; None where unknown; then it is not checked.
    asker
        The role of who asks, one of those that approve. An order within the limit in force is accepted
        whoever asks; only policies of an earlier version look at it.
    again
        Assesses the customer again for the order on other terms; conditions are verified by it.

    Raises
    ------
    CreditError
        The order or the case cannot be decided on, or they are counted in two currencies.

    Examples
    --------
    >>> from models.policy.credit_case import CreditCase
    >>> from models.policy.decision.order import Order
    >>> from models.policy.document import load_policy
    >>> case = CreditCase(
    ...     pd_12m=0.002, grade="A", yearly_sales_forecast_eur=None, terms_days=30, expected_days_late=5,
    ...     peak_exposure_eur=None, net_worth_eur=80_000, turnover_eur=700_000, n_paid_invoices=40,
    ...     insured_limit_eur=0, covered_share=0, open_proceeding=False, oldest_overdue_days=0,
    ...     as_of=dt.date(2026, 11, 21), open_eur=30_000.0,
    ... )
    >>> decision = decide(case, Order(10_000.0, 30), load_policy())
    >>> decision.outcome, [(condition.code, condition.value) for condition in decision.conditions][0]
    ('accept_with_conditions', ('deposit', 8000.0))
    """
    order.check()
    _check(case, order, limit_eur, confidence, asker)
    levels_approve_limits = policy.unapproved_limit_eur is not None
    question = Question(case, order, limit_eur, again if levels_approve_limits else None)
    exposure = question.exposure(policy)
    reasons = reasons_of(question, exposure, policy, confidence, asker)
    made = conditions(question, policy)
    if levels_approve_limits:
        made = sufficient(made, lambda some: _accepts(all_met(some, question), policy, confidence))
    refers = any(reason.refers for reason in reasons)
    lacks = not is_acceptable(question, policy)
    outcome: Outcome = (
        "refer" if refers or (lacks and not made) else "accept_with_conditions" if lacks else "accept"
    )
    last = case.as_of + dt.timedelta(days=policy.decision.valid_days)
    return Decision(
        outcome=outcome,
        label_fr=OUTCOMES[outcome][0],
        label_en=OUTCOMES[outcome][1],
        order=order,
        exposure_before_eur=exposure.before_eur,
        exposure_after_eur=exposure.after_eur,
        limit=exposure.limit,
        limit_in_force_eur=exposure.in_force_eur,
        recommended_limit_eur=exposure.recommended_eur,
        available_eur=exposure.available_eur,
        conditions=made,
        reasons=reasons,
        needs_human=outcome == "refer",
        valid_until=min(last, exposure.limit.valid_until),
        policy_version=policy.version,
        policy_hash=policy.hash,
        approval=_approver(question, exposure, policy, outcome, made),
    )


def _accepts(question: Question, policy: Policy, confidence: str | None) -> bool:
    """Return whether deciding again leads to an acceptance, whatever the caller's role."""
    reasons = reasons_of(question, question.exposure(policy), policy, confidence, None)
    return is_acceptable(question, policy) and not any(reason.refers for reason in reasons)


def _approver(
    question: Question, exposure: OrderExposure, policy: Policy, outcome: Outcome, made: Sequence[Condition]
) -> Approver | None:
    if policy.unapproved_limit_eur is None:
        return approver_of(exposure.entity_after_eur, policy)
    needs_somebody = outcome == "refer" or any(condition.code == "approval" for condition in made)
    return approver_needed(question, policy) if needs_somebody else None


def _plain(value: Any) -> Any:  # noqa: ANN401  # JSON values of any kind
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def _check(
    case: CreditCase, order: Order, limit_eur: float | None, confidence: str | None, asker: str | None
) -> None:
    if order.currency != case.currency:
        raise CreditError(
            f"the order is in {order.currency} and the customer's figures in {case.currency}; "
            f"convert the order to {case.currency}"
        )
    if limit_eur is not None and not 0.0 <= limit_eur < float("inf"):
        raise CreditError(f"limit_eur is {limit_eur!r}; a limit in force is a finite number from 0")
    for name, value, allowed in (("confidence", confidence, CONFIDENCES), ("asker", asker, tuple(APPROVERS))):
        if value is not None and value not in allowed:
            raise CreditError(f"{name} is {value!r}; {', '.join(allowed)} are known")
