"""The section `[approval]`: who approves a limit up to which amount.

A policy without `unapproved_limit_eur` is of an earlier version, whose levels approved the exposure that each
order leads to; it goes on meaning that, so that its answers can be computed again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
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
