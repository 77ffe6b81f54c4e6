"""The section `[overrides]`: what a person may decide in place of the model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.policy.grades import GRADES

if TYPE_CHECKING:
    from models.policy.reading import PolicyReader

ASKERS = ("sales", "analyst", "batch")
ADMIN = "admin"
"""May set overrides whatever the policy says: an admin may all."""


@dataclass(frozen=True, slots=True)
class OverrideRules:
    """What may be overridden, by how much and by whom.

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
        Who may set and withdraw overrides, beside an admin.
    """

    longest_days: int
    largest_multiple: float
    base_eur: float
    largest_increase_eur: float
    largest_notches: int
    shortest_reason: int
    roles: tuple[str, ...]


def read_overrides(reader: PolicyReader) -> OverrideRules:
    """Read the section `[overrides]`."""
    roles = reader.list_of_texts("overrides.roles")
    unknown = [role for role in roles if role not in ASKERS]
    if unknown:
        reader.refuse(
            "overrides.roles",
            f"got {', '.join(unknown)}; roles are {', '.join(ASKERS)}, and an admin always may",
        )
    return OverrideRules(
        longest_days=reader.whole("overrides.longest_days", 1, 730),
        largest_multiple=reader.number("overrides.largest_multiple", 1.0, 100.0),
        base_eur=reader.number("overrides.base_eur", 0.0),
        largest_increase_eur=reader.number("overrides.largest_increase_eur", 0.0),
        largest_notches=reader.whole("overrides.largest_notches", 0, len(GRADES) - 1),
        shortest_reason=reader.whole("overrides.shortest_reason", 1, 1000),
        roles=roles,
    )
