"""The section `[approval]`: who approves a limit up to which amount, and how many persons it takes.

A policy without `unapproved_limit_eur` is of an earlier version, whose levels approved the exposure that each
order leads to; it goes on meaning that, so that its answers can be computed again.
"""

import datetime as dt
from typing import Annotated, Final, Self

from pydantic import Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from models.policy.sections.fields import Euros, OneOf, PolicySection, Rising, Rows, Text

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


class ApprovalMember(PolicySection):
    """A user whose level of approval is not that of the role the user signs in with."""

    user: Text
    role: Annotated[str, OneOf(tuple(APPROVERS))]


class StandIn(PolicySection):
    """A user who has the level of another role from one day to another, both included."""

    user: Text
    role: Annotated[str, OneOf(tuple(APPROVERS))]
    first_day: Annotated[dt.date, Field(description="date")]
    last_day: Annotated[dt.date, Field(description="date")]

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.last_day < self.first_day:
            broken = PydanticCustomError("before", "before {last}", {"last": self.first_day.isoformat()})
            fault: InitErrorDetails = {"type": broken, "loc": ("last_day",), "input": self.last_day}
            raise ValidationError.from_exception_data("order", [fault])
        return self

    def in_force(self, day: dt.date) -> bool:
        """Return whether it holds on a day."""
        return self.first_day <= day <= self.last_day


class ApprovalRules(PolicySection):
    """Who approves a limit up to which amount, and how many persons it takes.

    Parameters
    ----------
    unapproved_limit_eur
        Up to which amount a recommended limit needs no approval; None in a policy of an earlier
        version, whose levels approved exposures.
    levels
        By rising amount; above the last, the committee.
    asker_may_approve
        Whether whoever asks may approve too.
    second_approver_above_eur
        Above which amount a second person must approve; None where one is always enough.
    members
        Users whose level is not that of their role.
    stand_ins
        Users who have another level for a time.
    """

    unapproved_limit_eur: Annotated[float, Field(ge=0, le=1e9)] | None = None
    levels: Annotated[Rows[ApprovalLevel], Rising("up_to_eur")]
    asker_may_approve: bool = False
    second_approver_above_eur: Euros | None = None
    members: Rows[ApprovalMember] = ()
    stand_ins: Rows[StandIn] = ()
