"""The section `[proceedings]` of the policy: what the house does about insolvency proceedings.

Owns which keys the section has and what they may hold. What the law says is `models.law.insolvency`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.law.insolvency import DECLARE_MONTHS, DECLARE_MONTHS_AWAY
from models.policy.grades import GRADES

if TYPE_CHECKING:
    from models.policy.reading import PolicyReader

SECTION = "proceedings"


@dataclass(frozen=True, slots=True)
class ProceedingRules:
    """How insolvency proceedings count.

    Parameters
    ----------
    declare_within_months
        In which a claim has to be declared after the opening's publication in the BODACC: 2, or 4 for
        creditors outside metropolitan France (R622-24 C. com.).
    warn_days
        So many days before that somebody is alerted.
    plan_best_grade
        The best grade of a customer under a running plan.
    """

    declare_within_months: int = DECLARE_MONTHS
    warn_days: int = 21
    plan_best_grade: str = "D"


def read_proceedings(reader: PolicyReader) -> ProceedingRules:
    """Read the section `[proceedings]`; a policy of an earlier version has none and gets the usual rules."""
    if not reader.has(SECTION):
        return ProceedingRules()
    return ProceedingRules(
        declare_within_months=reader.whole(
            f"{SECTION}.declare_within_months", DECLARE_MONTHS, DECLARE_MONTHS_AWAY
        ),
        warn_days=reader.whole(f"{SECTION}.warn_days", 1, 60),
        plan_best_grade=reader.text(f"{SECTION}.plan_best_grade", GRADES),
    )
