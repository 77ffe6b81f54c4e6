"""Recommended terms of sale: days, deposit and means of payment, and the longest days allowed.

Owns what is recommended of the section `[terms]`; how much may be owed is `models.policy.limit.limit`'s, the
calendar `models.law.legal_terms`'.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.errors import CreditError
from models.law.legal_terms import latest_due, longest_days
from models.policy.grades import GRADES
from models.policy.means_of_payment import MEANS_LABELS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from models.law.legal_terms import SectorCap
    from models.policy.document import Policy


@dataclass(frozen=True, slots=True)
class RecommendedTerms:
    """Recommended terms of sale.

    Parameters
    ----------
    terms_days
        Days from the invoice to its due date; 0 under prepayment.
    deposit_share
        Share paid before delivery, in [0, 1]; 1 under prepayment.
    means_of_payment
        A code of `MEANS_LABELS`.
    """

    terms_days: int
    deposit_share: float
    means_of_payment: str
    label_fr: str
    label_en: str


@dataclass(frozen=True, slots=True)
class LongestTerms:
    """The longest payment terms allowed, and the rule that caps them.

    Parameters
    ----------
    days
        Counted as `basis` says.
    basis
        The requested basis, or `net` where the law leaves no day of it.
    law
        The article that binds; None where the house's own rule for the grade does.
    """

    days: int
    basis: str
    law: str | None


def longest_terms(
    grade: str, invoice_on: dt.date, customer_naf: str | None, policy: Policy, basis: str = "net"
) -> LongestTerms:
    """Return the longest terms for an invoice: the minimum of the grade's, the law's and the sector's.

    Parameters
    ----------
    invoice_on
        The day of the invoice, and of delivery.
    basis
        One of `models.law.legal_terms.BASES`.

    Examples
    --------
    >>> import datetime as dt
    >>> from models.policy.document import load_policy
    >>> longest_terms("A", dt.date(2026, 1, 15), None, load_policy(), "eom_plus").days
    45
    """
    rules = policy.terms
    house = min(rules.max_days[grade], rules.legal_cap_days)
    legal = latest_due(invoice_on, basis, caps=rules.caps_for(customer_naf))
    days = longest_days(invoice_on, basis, legal.due_on)
    if days is None:
        return longest_terms(grade, invoice_on, customer_naf, policy)
    return LongestTerms(min(house, days), basis, None if house < days else legal.law)


def recommend_terms(
    grade: str,
    limit_eur: float,
    requested_days: int | None,
    policy: Policy,
    customer_naf: str | None = None,
    caps: Sequence[SectorCap] | None = None,
) -> RecommendedTerms:
    """Recommend days, deposit and means of payment.

    Parameters
    ----------
    grade
        `A` to `E`.
    limit_eur
        The recommended limit; 0 means prepayment.
    requested_days
        The days requested or agreed; None takes the policy's default.
    customer_naf
        The customer's activity, for the sectors' caps.
    caps
        These caps, where they were looked up before.

    Returns
    -------
    RecommendedTerms
        Never more days than requested, than the grade allows, nor than the law does: 60 days from the
        invoice, art. L441-10 C. com., or what a sector is allowed wherever in a month the invoice falls.

    Raises
    ------
    CreditError
        The grade is none, the limit is not a number from 0, or the days are below 0.

    Examples
    --------
    >>> from models.policy.document import load_policy
    >>> recommend_terms("A", 10_000, 90, load_policy()).terms_days
    60
    >>> recommend_terms("A", 0, 90, load_policy()).means_of_payment
    'prepayment'
    """
    if grade not in GRADES:
        raise CreditError(f"grade is {grade!r}; grades are {', '.join(GRADES)}")
    if not limit_eur >= 0.0:
        raise CreditError(f"limit_eur is {limit_eur!r}; a limit is a number from 0")
    if requested_days is not None and requested_days < 0:
        raise CreditError(f"requested_days is {requested_days!r}; days start at 0")
    if limit_eur == 0.0:
        return RecommendedTerms(0, 1.0, "prepayment", *MEANS_LABELS["prepayment"])
    rules = policy.terms
    wanted = rules.default_days if requested_days is None else requested_days
    means = rules.means_of_payment[grade]
    held = rules.caps_for(customer_naf) if caps is None else caps
    return RecommendedTerms(
        terms_days=min(wanted, rules.max_days[grade], rules.legal_cap_days, *(c.days for c in held)),
        deposit_share=rules.deposit_share[grade],
        means_of_payment=means,
        label_fr=MEANS_LABELS[means][0],
        label_en=MEANS_LABELS[means][1],
    )
