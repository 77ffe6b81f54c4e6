"""Grades of a probability of default and of a delay, by the policy's bands.

What a grade leads to is computed by `limit` and `terms`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from models.errors import CreditError
from models.policy.grades import GRADES, PAYER_GRADES, PAYERS

if TYPE_CHECKING:
    from models.policy.credit_case import CreditCase
    from models.policy.document import Policy
    from models.policy.grades import PayerGrade


def pd_grade(pd_12m: float, policy: Policy) -> str:
    """Return the grade of a probability of default.

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
    >>> from models.policy.document import load_policy
    >>> pd_grade(0.01, load_policy())
    'B'
    """
    if not 0.0 <= pd_12m <= 1.0:
        raise CreditError(f"pd_12m is {pd_12m!r}; a probability lies in [0, 1]")
    return next((grade for grade, highest in policy.pd_grades.items() if pd_12m <= highest), GRADES[-1])


def customer_grade(pd_12m: float, policy: Policy, *, in_default: bool, has_plan: bool = False) -> str:
    """Return the grade of a customer: the worst grade where it is already in default.

    Under a running plan it is no better than the policy's `proceedings.plan_best_grade`.
    """
    grade = GRADES[-1] if in_default else pd_grade(pd_12m, policy)
    return max(grade, policy.proceedings.plan_best_grade, key=GRADES.index) if has_plan else grade


def announced_grade(before: str | None, grade: str, pd_12m: float, policy: Policy) -> str:
    """Return the grade that alerts compare: a change counts once the probability is clear of the bound.

    The announced grade stays while the probability of default is within its range, widened on both sides by
    the policy's `alerts.grade_band`. A probability that goes back and forth over a bound is announced once at
    most; one that drifts away is announced as it leaves the band.

    Parameters
    ----------
    before
        The grade announced last; None without one.
    grade
        The customer's grade, which is not changed.

    Examples
    --------
    >>> from models.policy.document import load_policy
    >>> [announced_grade("C", "D", pd_12m, load_policy()) for pd_12m in (0.041, 0.05)]
    ['C', 'D']
    """
    # A grade that the probability does not give alone, such as that of a default, is announced at once.
    if before is None or before == grade or pd_grade(pd_12m, policy) != grade:
        return grade
    bounds, place, band = policy.pd_grades, GRADES.index(before), policy.alerts.grade_band
    lowest = bounds[GRADES[place - 1]] * (1 - band) if place else 0.0
    highest = bounds.get(before, 1.0) * (1 + band)
    return before if lowest <= pd_12m <= highest else grade


def graded(case: CreditCase, policy: Policy) -> CreditCase:
    """Return a case with its grade under a policy."""
    has_plan = case.insolvency is not None and case.insolvency.has_plan
    grade = customer_grade(case.pd_12m, policy, in_default=case.is_defaulted, has_plan=has_plan)
    return case.with_figures(grade=grade)


def payer_grade(days_late: float, policy: Policy) -> PayerGrade:
    """Return the payer grade of expected days late.

    Parameters
    ----------
    days_late
        Days after the due date, amount-weighted or expected; negative when early.

    Examples
    --------
    >>> from models.policy.document import load_policy
    >>> payer_grade(45, load_policy()).label_fr
    'très mauvais payeur'
    """
    if not math.isfinite(days_late):
        raise CreditError(f"days late are {days_late!r}; give a finite number of days")
    worst = PAYER_GRADES[-1]
    return PAYERS[next((code for code, most in policy.payer_grades.items() if days_late <= most), worst)]
