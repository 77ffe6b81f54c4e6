"""The section `[overrides]`: bounds of overrides and who may set them."""

from typing import Annotated, Final

from pydantic import Field

from models.policy.grades import GRADES
from models.policy.sections.fields import Euros, OneOf, PolicySection, Rows

ROLES: Final = ("sales", "analyst", "batch")
ADMIN: Final = "admin"
"""May set overrides whatever the policy says: an admin may all."""


class OverrideRules(PolicySection):
    """Bounds of an override, and the roles that may set one.

    Parameters
    ----------
    longest_days
        For how long an override may be in force.
    largest_multiple, base_eur
        A limit may be set up to so many times the model's own, which counts for at least `base_eur`.
    largest_increase_eur
        Nor may it lie further above the model's own than this.
    largest_notches
        By how many grades a grade may be made better; worse is always allowed.
    shortest_reason
        How many characters a reason has at least.
    roles
        Who may set and withdraw overrides, in addition to an admin.
    """

    longest_days: Annotated[int, Field(ge=1, le=730)]
    largest_multiple: Annotated[float, Field(ge=1, le=100)]
    base_eur: Euros
    largest_increase_eur: Euros
    largest_notches: Annotated[int, Field(ge=0, le=len(GRADES) - 1)]
    shortest_reason: Annotated[int, Field(ge=1, le=1000)]
    roles: Rows[Annotated[str, OneOf(ROLES), Field(description="role")]]
