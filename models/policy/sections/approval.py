"""The section `[approval]`: who approves a limit up to which amount.

A policy without `unapproved_limit_eur` is of an earlier version, whose levels approved the exposure that each
order leads to; it goes on meaning that, so that its answers can be computed again.
"""

from typing import Annotated, Final

from pydantic import Field

from models.policy.sections.fields import OneOf, PolicySection, Rising, Rows

COMMITTEE: Final = "committee"
APPROVERS: Final[dict[str, tuple[str, str]]] = {
    "sales": ("commercial", "salesperson"),
    "sales_manager": ("responsable commercial", "sales manager"),
    "analyst": ("analyste crédit", "credit analyst"),
    "credit_manager": ("responsable crédit", "credit manager"),
    "finance_director": ("directeur financier", "finance director"),
    COMMITTEE: ("comité de crédit", "credit committee"),
}
"""French and English names of those who approve."""


class ApprovalLevel(PolicySection):
    """A role, and the largest limit that it approves, in euros."""

    up_to_eur: Annotated[float, Field(gt=0)]
    role: Annotated[str, OneOf(tuple(APPROVERS))]


class ApprovalRules(PolicySection):
    """Who approves a limit up to which amount.

    Parameters
    ----------
    unapproved_limit_eur
        Up to which amount a recommended limit needs no approval; None in a policy of an earlier
        version, whose levels approved exposures.
    levels
        By rising amount; above the last, the committee.
    """

    unapproved_limit_eur: Annotated[float, Field(ge=0, le=1e9)] | None = None
    levels: Annotated[Rows[ApprovalLevel], Rising("up_to_eur")]
