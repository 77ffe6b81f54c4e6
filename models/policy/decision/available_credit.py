"""Available credit: the largest order that a customer may place now, and on which conditions.

Owns the answer where no order is asked about yet. It is the decision on the largest order that the limit in
force leaves, or on an order paid before delivery where it leaves none.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from models.policy.decision.condition import Condition
from models.policy.decision.decision import OUTCOMES, decide
from models.policy.decision.exposure import NO_COMMITMENTS, exposure_eur
from models.policy.decision.order import MOST_EUR, Order
from models.policy.decision.reasons import DecisionReason
from models.policy.decision.wording import money
from models.policy.terms import longest_terms

if TYPE_CHECKING:
    import datetime as dt

    from models.policy.approval import Approver
    from models.policy.credit_case import CreditCase
    from models.policy.decision.decision import Decision, Outcome
    from models.policy.document import Policy


@dataclass(frozen=True, slots=True)
class AvailableCredit:
    """What a customer may order now.

    Parameters
    ----------
    largest_order_eur
        Incl. VAT, its deposit included, in whole euros; 0 where nothing is left on credit.
    terms_days
        The longest terms of the grade and the law, in days from the invoice.
    conditions
        What such an order has to meet; prepayment where nothing is left on credit.
    reasons
        Those that refer every order, then how the exposure compares with the limit.
    approval
        Who decides on what is referred; None where nobody has to.
    valid_until
        The last day on which the answer is valid.
    """

    outcome: Outcome
    label_fr: str
    label_en: str
    largest_order_eur: float
    terms_days: int
    exposure_eur: float
    limit_in_force_eur: float
    conditions: tuple[Condition, ...]
    reasons: tuple[DecisionReason, ...]
    approval: Approver | None
    valid_until: dt.date

    def document(self) -> dict[str, Any]:
        """Return it as plain JSON values, dates in ISO form."""
        return {
            **asdict(self),
            "conditions": [condition.document() for condition in self.conditions],
            "reasons": [asdict(reason) for reason in self.reasons],
            "valid_until": self.valid_until.isoformat(),
        }


def available_credit(
    case: CreditCase,
    policy: Policy,
    limit_eur: float,
    *,
    approved_eur: float | None = None,
    confidence: str | None = None,
) -> AvailableCredit:
    """Return what a customer may order now, decided by the policy.

    Parameters
    ----------
    case
        The customer's figures; the grade is the one in force.
    limit_eur
        The limit in force, from 0.
    approved_eur
        The limit that somebody approved; None without one.
    confidence
        How sure the probability of default is; None where unknown.

    Examples
    --------
    >>> import datetime as dt
    >>> from models.policy.credit_case import CreditCase
    >>> from models.policy.document import load_policy
    >>> case = CreditCase(
    ...     pd_12m=0.002, grade="A", yearly_sales_forecast_eur=None, terms_days=30, expected_days_late=5,
    ...     peak_exposure_eur=None, net_worth_eur=80_000, turnover_eur=700_000, n_paid_invoices=40,
    ...     insured_limit_eur=0, covered_share=0, open_proceeding=False, oldest_overdue_days=0,
    ...     as_of=dt.date(2026, 11, 21), open_eur=20_000.0,
    ... )
    >>> found = available_credit(case, load_policy(), limit_eur=32_000.0)
    >>> found.outcome, found.largest_order_eur, found.terms_days
    ('accept', 12000.0, 60)
    """
    days = longest_terms(case.grade, case.as_of, case.naf, policy).days
    exposure = exposure_eur(case.open_eur, NO_COMMITMENTS, policy.exposure)
    largest_eur = _largest_order(limit_eur - exposure, policy.terms.deposit_share[case.grade])
    order = Order(largest_eur, days) if largest_eur else Order(1.0, days, prepaid=True)
    decision = decide(case, order, policy, approved_eur, confidence=confidence)
    if largest_eur:
        outcome, conditions = decision.outcome, decision.conditions
    else:
        outcome, conditions = _prepaid(decision)
    refers = tuple(reason for reason in decision.reasons if reason.refers)
    if not largest_eur and not refers:
        on_credit = decide(case, Order(1.0, days), policy, approved_eur, confidence=confidence)
        refers = tuple(reason for reason in on_credit.reasons if reason.refers)
    return AvailableCredit(
        outcome=outcome,
        label_fr=OUTCOMES[outcome][0],
        label_en=OUTCOMES[outcome][1],
        largest_order_eur=largest_eur,
        terms_days=days,
        exposure_eur=exposure,
        limit_in_force_eur=limit_eur,
        conditions=conditions,
        reasons=(*refers, _comparison(exposure, limit_eur)),
        approval=decision.approval,
        valid_until=decision.valid_until,
    )


def _largest_order(credit_eur: float, deposit_share: float) -> float:
    """Return the largest order whose credit, after its deposit, is at most an amount, in whole euros."""
    if credit_eur < 1.0 or deposit_share >= 1.0:
        return 0.0
    return float(min(math.floor(round(credit_eur / (1.0 - deposit_share), 4)), MOST_EUR))


def _prepaid(decision: Decision) -> tuple[Outcome, tuple[Condition, ...]]:
    """Return the outcome where credit is used up, by the decision on a prepaid order."""
    if decision.outcome != "accept":
        return "refer", ()
    prepayment = Condition(
        "prepayment", 0.0, "paiement avant livraison", "payment before delivery", share=1.0
    )
    return "accept_with_conditions", (prepayment,)


def _comparison(exposure: float, limit_eur: float) -> DecisionReason:
    (exposure_fr, exposure_en), (limit_fr, limit_en) = money(exposure), money(limit_eur)
    if limit_eur == 0.0:
        return DecisionReason("no_limit", "Aucun crédit n'est accordé", "No credit is given")
    if exposure >= limit_eur:
        return DecisionReason(
            "limit_used",
            f"Le plafond de {limit_fr} est utilisé en entier par l'encours de {exposure_fr}",
            f"The exposure of {exposure_en} uses the whole limit of {limit_en}",
        )
    return DecisionReason(
        "within_limit",
        f"Encours de {exposure_fr} pour un plafond de {limit_fr}",
        f"Exposure of {exposure_en} against a limit of {limit_en}",
    )
