"""What a figure is called: a probability's grade, a delay's payer grade, and the PAYDEX-like index.

Owns the naming of one figure. What a grade leads to is `limit`'s and `terms`' business.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from models.errors import CreditError
from models.policy.policy import GRADES, PAYER_GRADES

if TYPE_CHECKING:
    from models.policy.credit_case import CreditCase
    from models.policy.policy import Policy

PAYDEX_MIN_INVOICES = 3
"""The index says nothing of a customer with fewer paid invoices."""

PAYDEX_POINTS = (
    (-30.0, 100.0),
    (-20.0, 90.0),
    (0.0, 80.0),
    (15.0, 70.0),
    (22.0, 60.0),
    (30.0, 50.0),
    (60.0, 40.0),
    (90.0, 30.0),
    (120.0, 20.0),
)
"""Days late and the index there; linear between (Dun & Bradstreet's published PAYDEX table)."""


@dataclass(frozen=True, slots=True)
class PayerGrade:
    """One of five habits of payment, from the best (rank 1) to the worst (rank 5)."""

    code: str
    rank: int
    label_fr: str
    label_en: str


PAYERS: dict[str, PayerGrade] = {
    code: PayerGrade(code, rank, label_fr, label_en)
    for rank, (code, label_fr, label_en) in enumerate(
        zip(
            PAYER_GRADES,
            ("très bon payeur", "bon payeur", "payeur moyen", "mauvais payeur", "très mauvais payeur"),
            ("very good payer", "good payer", "average payer", "poor payer", "very poor payer"),
            strict=True,
        ),
        start=1,
    )
}


def pd_grade(pd_12m: float, policy: Policy) -> str:
    """Name the grade of a probability of default.

    Parameters
    ----------
    pd_12m
        Probability of default within 12 months, in [0, 1].

    Returns
    -------
    str
        `A` (best) to `E`; a bound of the policy belongs to the better grade.

    Raises
    ------
    CreditError
        The probability lies outside [0, 1] or is not a number.

    Examples
    --------
    >>> from models.policy.policy import load_policy
    >>> pd_grade(0.01, load_policy())
    'B'
    """
    if not 0.0 <= pd_12m <= 1.0:
        raise CreditError(f"pd_12m is {pd_12m!r}; a probability lies in [0, 1]")
    return next((grade for grade, highest in policy.pd_grades.items() if pd_12m <= highest), GRADES[-1])


def customer_grade(pd_12m: float, policy: Policy, *, in_default: bool, has_plan: bool = False) -> str:
    """Name the grade of a customer: the worst where it is in default already, whatever the probability.

    Under a running plan it is no better than the policy's `proceedings.plan_best_grade`.
    """
    grade = GRADES[-1] if in_default else pd_grade(pd_12m, policy)
    return max(grade, policy.proceedings.plan_best_grade, key=GRADES.index) if has_plan else grade


def graded(case: CreditCase, policy: Policy) -> CreditCase:
    """Return a case with the grade that a policy gives it."""
    has_plan = case.insolvency is not None and case.insolvency.has_plan
    grade = customer_grade(case.pd_12m, policy, in_default=case.is_defaulted, has_plan=has_plan)
    return replace(case, grade=grade)


def payer_grade(days_late: float, policy: Policy) -> PayerGrade:
    """Name the habit of a customer that pays so many days late.

    Parameters
    ----------
    days_late
        Days after the due date, amount-weighted or expected; negative when early.

    Examples
    --------
    >>> from models.policy.policy import load_policy
    >>> payer_grade(45, load_policy()).label_fr
    'très mauvais payeur'
    """
    days = _finite(days_late)
    for code, highest in policy.payer_grades.items():
        if days <= highest:
            return PAYERS[code]
    return PAYERS[PAYER_GRADES[-1]]


def paydex(days_late: float) -> float:
    """Put amount-weighted days late on the PAYDEX-like scale.

    Parameters
    ----------
    days_late
        Days after the due date, weighted by amount; negative when early.

    Returns
    -------
    float
        From 100 (30 days early or more) over 80 (on terms) to 20 (120 days late or more). Callers show
        nothing under `PAYDEX_MIN_INVOICES` paid invoices.

    Examples
    --------
    >>> paydex(0), paydex(26), paydex(500)
    (80.0, 55.0, 20.0)
    """
    days = min(max(_finite(days_late), PAYDEX_POINTS[0][0]), PAYDEX_POINTS[-1][0])
    for (left, high), (right, low) in itertools.pairwise(PAYDEX_POINTS):
        if days <= right:
            return high + (days - left) * (low - high) / (right - left)
    return PAYDEX_POINTS[-1][1]


def _finite(days_late: float) -> float:
    if not math.isfinite(days_late):
        raise CreditError(f"days late are {days_late!r}; give a finite number of days")
    return float(days_late)
