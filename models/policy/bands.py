"""Grades of a probability of default and of a delay, by the policy's bands.

What a grade leads to is computed by `limit` and `terms`.
"""

from __future__ import annotations

import math
from dataclasses import replace
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


def graded(case: CreditCase, policy: Policy) -> CreditCase:
    """Return a case with its grade under a policy."""
    has_plan = case.insolvency is not None and case.insolvency.has_plan
    grade = customer_grade(case.pd_12m, policy, in_default=case.is_defaulted, has_plan=has_plan)
    return replace(case, grade=grade)


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
