"""Who approves a limit up to which amount, and up to which amount a limit stands without approval.

Owns the section `[approval]` of the policy. Levels approve limits: an order within the limit in force needs
nobody. A policy without `unapproved_limit_eur` is of an earlier version, whose levels approved the exposure
that each order leads to; it goes on meaning that, so that its answers can be computed again.
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
    """A role, and the largest limit that it approves, in euros."""

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


def read_unapproved_limit(reader: PolicyReader) -> float | None:
    """Read up to which amount a recommended limit stands without approval; None in an earlier version."""
    key = "approval.unapproved_limit_eur"
    return reader.number(key, 0.0, 1e9) if reader.has(key) else None


def approver_of(amount_eur: float, policy: Policy) -> Approver:
    """Return who approves a limit of an amount.

    Parameters
    ----------
    amount_eur
        The limit, or the exposure that it has to allow, in euros, from 0.

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


def most_approved_eur(role: str, policy: Policy) -> float:
    """Return the largest limit that a role approves, in euros; 0 for a role without a level.

    Examples
    --------
    >>> from models.policy.policy import load_policy
    >>> [most_approved_eur(role, load_policy()) for role in ("sales_manager", "analyst", "batch")]
    [5000.0, 25000.0, 0.0]
    """
    ranks = list(APPROVERS)
    if role not in ranks:
        return 0.0
    if role == COMMITTEE:
        return math.inf
    rank = ranks.index(role)
    return max((one.up_to_eur for one in policy.approval if ranks.index(one.role) <= rank), default=0.0)
