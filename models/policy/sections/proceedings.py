"""The section `[proceedings]`: how insolvency proceedings count.

What the law says is `models.law.insolvency`'s.
"""

from typing import Annotated, Final

from pydantic import Field

from models.law.insolvency import DECLARE_MONTHS, DECLARE_MONTHS_AWAY
from models.policy.grades import GRADES
from models.policy.sections.fields import OneOf, PolicySection


class ProceedingRules(PolicySection):
    """How insolvency proceedings count.

    Parameters
    ----------
    declare_within_months
        In which a claim has to be declared after the opening's publication in the BODACC: 2, or 4 for
        creditors outside metropolitan France (R622-24 C. com.).
    warn_days
        So many days before that an alert is raised.
    plan_best_grade
        The best grade of a customer under a running plan.
    """

    declare_within_months: Annotated[int, Field(ge=DECLARE_MONTHS, le=DECLARE_MONTHS_AWAY)]
    warn_days: Annotated[int, Field(ge=1, le=60)]
    plan_best_grade: Annotated[str, OneOf(GRADES)]


EARLIER_PROCEEDINGS: Final = ProceedingRules(
    declare_within_months=DECLARE_MONTHS, warn_days=21, plan_best_grade="D"
)
"""What a policy of an earlier version means, which has no such section."""
