"""Who may approve how much.

Owns the section `[approval]` of the policy. Whether anybody has to approve is `models.policy.decision`'s.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from models.errors import CreditError

if TYPE_CHECKING:
    from models.policy.policy import Policy
    from models.policy.reading import PolicyReader

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


@dataclass(frozen=True, slots=True)
class ApprovalLevel:
    """A role, and the most that it approves, in euros of exposure."""

    up_to_eur: float
    role: str


@dataclass(frozen=True, slots=True)
class Approver:
    """Who must approve an amount: a code of `APPROVERS` with its names."""

    role: str
    label_fr: str
    label_en: str


def read_approval(reader: PolicyReader) -> tuple[ApprovalLevel, ...]:
    """Read the section `[approval]`: levels by rising amount; above the last, the committee."""
    rows = reader.rows("approval.levels")
    levels = tuple(
        ApprovalLevel(
            reader.number(f"{row}.up_to_eur", 0.0, above_low=True),
            reader.text(f"{row}.role", tuple(APPROVERS)),
        )
        for row in rows
    )
    amounts = [level.up_to_eur for level in levels]
    reader.in_order([f"{row}.up_to_eur" for row in rows], amounts, "rising", apart=True)
    return levels


def approver_of(amount_eur: float, policy: Policy) -> Approver:
    """Return who must approve an exposure.

    Parameters
    ----------
    amount_eur
        The exposure that would be reached, in euros, from 0.

    Raises
    ------
    CreditError
        The amount is below 0 or not a number.

    Examples
    --------
    >>> from models.policy.policy import load_policy
    >>> approver_of(1e9, load_policy()).label_fr
    'comité de crédit'
    """
    if not (amount_eur >= 0.0 and math.isfinite(amount_eur)):
        raise CreditError(f"amount_eur is {amount_eur!r}; an exposure is a finite number from 0")
    role = next((level.role for level in policy.approval if amount_eur <= level.up_to_eur), COMMITTEE)
    return Approver(role, *APPROVERS[role])
