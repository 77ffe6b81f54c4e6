"""An order asked about: what it adds to the exposure, and whether that stays within a limit.

Owns the order and the arithmetic of one question. What would make it acceptable is
`models.policy.conditions`', what is decided is `models.policy.decision`'s.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from models.errors import CreditError
from models.law.legal_terms import BASES, due_date
from models.policy.limit import CreditLimit, recommend_limit
from models.policy.limit_stops import STOPS
from models.policy.policy import MEANS_OF_PAYMENT

if TYPE_CHECKING:
    from models.policy.credit_case import CreditCase
    from models.policy.limit import LimitTerm
    from models.policy.policy import Policy

MOST_EUR = 1e9
MOST_DAYS = 365


@dataclass(frozen=True, slots=True)
class Order:
    """What a customer wants to buy, and on which terms.

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
    """

    amount_eur: float
    terms_days: int
    deposit_share: float = 0.0
    prepaid: bool = False
    invoice_basis: str = "net"
    means_of_payment: str = "transfer"
    currency: str = "EUR"

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
        """Refuse an order that nothing can be decided on.

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
        for name, value, known in (
            ("invoice_basis", self.invoice_basis, BASES),
            ("means_of_payment", self.means_of_payment, MEANS_OF_PAYMENT),
        ):
            if value not in known:
                faults.append(f"{name} is {value!r}; {', '.join(known)} are known")
        if faults:
            raise CreditError("the order cannot be decided on: " + "; ".join(faults))


@dataclass(frozen=True, slots=True)
class Room:
    """A limit in force, and what an order leaves of it.

    Parameters
    ----------
    limit
        The policy's own, asked with the order in the need.
    in_force_eur
        The limit that counts: an analyst's where there is one and no stop, which it does not lift.
    before_eur, after_eur
        What is owed without and with the order's credit; money on account pays no new order.
    entity_after_eur
        With the order, owed by all customer numbers of the legal entity.
    """

    limit: CreditLimit
    in_force_eur: float
    before_eur: float
    after_eur: float
    entity_after_eur: float
    fits: bool

    @property
    def available_eur(self) -> float:
        """What may still be owed before the order."""
        return max(round(self.in_force_eur - self.before_eur, 2), 0.0)


def room(case: CreditCase, order: Order, policy: Policy, override_eur: float | None = None) -> Room:
    """Ask for the limit with the order in it, and compare.

    An order that asks for no credit fits whatever the limit is. One that does fits where no stop holds and
    what is owed after it is at most the limit in force and its tolerance. What other numbers of the legal
    entity owe was taken off the policy's limit; an analyst's limit counts for its number as it was set.
    """
    before = max(round(case.open_eur, 2), 0.0)
    after = round(before + order.credit_eur, 2)
    limit = recommend_limit(_with_order(case, order, after, policy), policy)
    stopped = stop_of(limit) is not None
    in_force = limit.limit_eur if override_eur is None or stopped else override_eur
    most = in_force * (1.0 + policy.decision.tolerance_share)
    within = round(after * 100) <= math.floor(round(most * 100, 4)) and not stopped
    entity_after = round(after + case.entity_open_eur, 2)
    return Room(limit, in_force, before, after, entity_after, fits=within or order.credit_eur == 0.0)


def stop_of(limit: CreditLimit) -> LimitTerm | None:
    """Return the term that stops all credit, None where there is none."""
    return next((term for term in limit.terms if term.name in STOPS and term.value_eur == 0.0), None)


def days_of(case: CreditCase, order: Order) -> int:
    """Return the days from an invoice of the case's day to its due date."""
    return (due_date(case.as_of, order.terms_days, order.invoice_basis) - case.as_of).days


def _with_order(case: CreditCase, order: Order, after_eur: float, policy: Policy) -> CreditCase:
    """Put the order into what the customer needs, up to the next step, so that rounding refuses nobody."""
    steps = math.ceil(round(after_eur * 100) / round(policy.step_eur * 100))
    needed = steps * policy.step_eur
    return replace(
        case,
        terms_days=days_of(case, order),
        peak_exposure_eur=max(case.peak_exposure_eur or 0.0, needed),
    )
