"""On which terms to sell: days, deposit and means of payment by grade.

Owns the conditions; how much may be owed is `models.policy.limit`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.errors import CreditError
from models.policy.policy import GRADES

if TYPE_CHECKING:
    from models.policy.policy import Policy

MEANS_LABELS: dict[str, tuple[str, str]] = {
    "transfer": ("virement à l'échéance", "bank transfer when due"),
    "direct_debit": ("prélèvement à l'échéance", "direct debit when due"),
    "bill_of_exchange": ("lettre de change relevé (LCR)", "bill of exchange"),
    "guarantee": ("virement, avec caution ou garantie", "bank transfer, with a surety or guarantee"),
    "prepayment": ("paiement avant livraison", "payment before delivery"),
}
"""French and English names of the means of payment."""


@dataclass(frozen=True, slots=True)
class RecommendedTerms:
    """On which terms to sell.

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


def recommend_terms(
    grade: str, limit_eur: float, requested_days: int | None, policy: Policy
) -> RecommendedTerms:
    """Recommend days, deposit and means of payment.

    Parameters
    ----------
    grade
        `A` to `E`.
    limit_eur
        The recommended limit; 0 means prepayment.
    requested_days
        The days asked for or agreed; None takes the policy's default.

    Returns
    -------
    RecommendedTerms
        Never more days than asked for, than the grade allows, nor than the law does: 60 days from the
        invoice, art. L441-10 C. com.

    Raises
    ------
    CreditError
        The grade is none, the limit is not a number from 0, or the days are below 0.

    Examples
    --------
    >>> from models.policy.policy import load_policy
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
    return RecommendedTerms(
        terms_days=min(wanted, int(rules.max_days[grade]), rules.legal_cap_days),
        deposit_share=rules.deposit_share[grade],
        means_of_payment=means,
        label_fr=MEANS_LABELS[means][0],
        label_en=MEANS_LABELS[means][1],
    )
