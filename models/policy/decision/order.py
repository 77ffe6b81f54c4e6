"""An order, the exposure that it adds, and whether that stays within the limit.

Owns the order and the arithmetic of one question. What would make it acceptable is
`models.policy.decision.conditions`', what is decided is `models.policy.decision.decision`'s.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from models.errors import CreditError
from models.law.legal_terms import BASES, due_date
from models.policy.decision.exposure import NO_COMMITMENTS, Commitments, exposure_eur
from models.policy.limit.caps import WITHOUT_APPROVAL
from models.policy.limit.limit import CreditLimit, recommend_limit
from models.policy.limit.stops import STOPS
from models.policy.means_of_payment import MEANS_OF_PAYMENT

if TYPE_CHECKING:
    from models.policy.credit_case import CreditCase
    from models.policy.document import Policy
    from models.policy.limit.terms import LimitTerm

MOST_EUR = 1e9
MOST_DAYS = 365


@dataclass(frozen=True, slots=True)
class Order:
    """An order: amount, terms, deposit and means of payment.

    Parameters
    ----------
    amount_eur
        Incl. VAT, above 0.
    terms_days
        The days of the terms, counted as `invoice_basis` says, from 0.
    deposit_share
        Share paid before delivery, in [0, 1].
    prepaid
        Whether all of it is paid before delivery; it then uses no exposure.
    invoice_basis
        One of `models.law.legal_terms.BASES`: from the invoice, or one of both readings of "end of month".
    means_of_payment
        How the rest is paid, one of the policy's means.
    commitments
        What the customer has on order already, in addition to its open invoices.
    """

    amount_eur: float
    terms_days: int
    deposit_share: float = 0.0
    prepaid: bool = False
    invoice_basis: str = "net"
    means_of_payment: str = "transfer"
    currency: str = "EUR"
    commitments: Commitments = NO_COMMITMENTS

    @property
    def deposit_eur(self) -> float:
        """What is paid before delivery, in whole cents."""
        share = 1.0 if self.prepaid else self.deposit_share
        return round(round(self.amount_eur * 100) * share) / 100

    @property
    def credit_eur(self) -> float:
        """What is left to pay after delivery."""
        return (round(self.amount_eur * 100) - round(self.deposit_eur * 100)) / 100

    def document(self) -> dict[str, Any]:
        """Return the order as plain JSON values."""
        return {**asdict(self), "deposit_eur": self.deposit_eur, "credit_eur": self.credit_eur}

    def check(self) -> None:
        """Validate the order.

        Raises
        ------
        CreditError
            Figures lie outside what they may be: all are named.
        """
        bounds = (
            ("amount_eur", self.amount_eur, 0.01, MOST_EUR),
            ("terms_days", self.terms_days, 0, MOST_DAYS),
            ("deposit_share", self.deposit_share, 0.0, 1.0),
        )
        faults = [
            f"{name} is {value!r}; from {low:,.10g} to {high:,.10g} is allowed"
            for name, value, low, high in bounds
            if not (math.isfinite(value) and low <= value <= high)
        ]
        for name, value, allowed in (
            ("invoice_basis", self.invoice_basis, BASES),
            ("means_of_payment", self.means_of_payment, MEANS_OF_PAYMENT),
        ):
            if value not in allowed:
                faults.append(f"{name} is {value!r}; {', '.join(allowed)} are known")
        faults += self.commitments.faults(MOST_EUR)
        if faults:
            raise CreditError("the order cannot be decided on: " + "; ".join(faults))


@dataclass(frozen=True, slots=True)
class OrderExposure:
    """The limit in force and its use before and after an order.

    Parameters
    ----------
    limit
        The policy's own, with the order in the need.
    in_force_eur
        The limit that counts: an analyst's where there is one and no stop, which it does not lift.
    recommended_eur
        What the policy recommends, whether or not it needs approval.
    before_eur, after_eur
        What is used of the limit without and with the order's credit; money on account pays no new order.
    entity_after_eur
        With the order, used by all customer numbers of the legal entity.
    is_within_limit
        Whether no stop holds and what is used after the order is at most the limit in force; an order that
        asks for no credit always is.
    is_tolerated
        Whether it exceeds the limit in force by no more than the policy's tolerance, above its de minimis.
    fits
        Whether the order passes: within the limit, or an excess that the policy lets pass.
    """

    limit: CreditLimit
    in_force_eur: float
    recommended_eur: float
    before_eur: float
    after_eur: float
    entity_after_eur: float
    is_within_limit: bool
    is_tolerated: bool
    fits: bool

    @property
    def available_eur(self) -> float:
        """What may still be owed before the order."""
        return max(round(self.in_force_eur - self.before_eur, 2), 0.0)


def order_exposure(
    case: CreditCase, order: Order, policy: Policy, override_eur: float | None = None
) -> OrderExposure:
    """Compute the limit with the order in the need, and compare the exposure with it.

    An order that asks for no credit fits whatever the limit is. One that does fits where no stop holds and
    what is used after it is at most the limit in force, or exceeds it by what the policy lets pass. What
    other numbers of the legal entity owe was taken off the policy's limit; an analyst's limit counts for its
    number as it was set.
    """
    before = exposure_eur(case.open_eur, order.commitments, policy.exposure)
    after = round(before + order.credit_eur, 2)
    whole = _with_order(case, order, after, policy)
    limit = recommend_limit(whole, policy)
    stopped = stop_of(limit) is not None
    in_force = limit.limit_eur if override_eur is None or stopped else override_eur
    rules, cents = policy.decision, round(after * 100)
    is_within = order.credit_eur == 0.0 or (not stopped and cents <= _most_cents(in_force))
    is_trifle = not stopped and in_force > 0.0 and cents <= _most_cents(in_force + rules.de_minimis_eur)
    is_in_band = not stopped and cents <= _most_cents(in_force * (1.0 + rules.tolerance_share))
    is_tolerated = is_in_band and not (is_within or is_trifle)
    return OrderExposure(
        limit=limit,
        in_force_eur=in_force,
        recommended_eur=_recommended(whole, limit, policy),
        before_eur=before,
        after_eur=after,
        entity_after_eur=round(after + case.entity_open_eur, 2),
        is_within_limit=is_within,
        is_tolerated=is_tolerated,
        fits=is_within or is_trifle or (is_tolerated and rules.within_tolerance == "accept"),
    )


def _most_cents(euros: float) -> int:
    """Return the whole cents of an amount, robust to binary rounding (0.1 + 0.2)."""
    return math.floor(round(euros * 100, 4))


def _recommended(case: CreditCase, limit: CreditLimit, policy: Policy) -> float:
    if limit.binding != WITHOUT_APPROVAL:
        return limit.limit_eur
    return recommend_limit(case, policy.revised(approval={"unapproved_limit_eur": None})).limit_eur


def stop_of(limit: CreditLimit) -> LimitTerm | None:
    """Return the term that stops all credit, or None."""
    return next((term for term in limit.terms if term.name in STOPS and term.value_eur == 0.0), None)


def days_of(case: CreditCase, order: Order) -> int:
    """Return the days from an invoice of the case's day to its due date."""
    return (due_date(case.as_of, order.terms_days, order.invoice_basis) - case.as_of).days


def to_next_step(euros: float, policy: Policy) -> float:
    """Round an amount up to a multiple of the policy's step."""
    step_cents = round(policy.limit.step_eur * 100)
    return math.ceil(round(euros * 100) / step_cents) * policy.limit.step_eur


def _with_order(case: CreditCase, order: Order, after_eur: float, policy: Policy) -> CreditCase:
    """Add the order to the need, rounded up to the next step so that rounding never refuses."""
    needed = to_next_step(after_eur, policy)
    return replace(
        case,
        terms_days=days_of(case, order),
        peak_exposure_eur=max(case.peak_exposure_eur or 0.0, needed),
    )
