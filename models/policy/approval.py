"""Approval of a limit: who approves which amount, and up to which amount a role approves."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.errors import CreditError
from models.policy.sections.approval import APPROVERS, COMMITTEE

if TYPE_CHECKING:
    from models.policy.document import Policy


@dataclass(frozen=True, slots=True)
class Approver:
    """Who must approve an amount: a code of `APPROVERS` with its names."""

    role: str
    label_fr: str
    label_en: str


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
    >>> from models.policy.document import load_policy
    >>> approver_of(1e9, load_policy()).label_fr
    'comité de crédit'
    """
    if not (amount_eur >= 0.0 and math.isfinite(amount_eur)):
        raise CreditError(f"amount_eur is {amount_eur!r}; an exposure is a finite number from 0")
    role = next((level.role for level in policy.approval.levels if amount_eur <= level.up_to_eur), COMMITTEE)
    return Approver(role, *APPROVERS[role])


def most_approved_eur(role: str, policy: Policy) -> float:
    """Return the largest limit that a role approves, in euros; 0 for a role without a level.

    Examples
    --------
    >>> from models.policy.document import load_policy
    >>> [most_approved_eur(role, load_policy()) for role in ("sales_manager", "analyst", "batch")]
    [5000.0, 25000.0, 0.0]
    """
    ranks = list(APPROVERS)
    if role not in ranks:
        return 0.0
    if role == COMMITTEE:
        return math.inf
    below = ranks[: ranks.index(role) + 1]
    return max((one.up_to_eur for one in policy.approval.levels if one.role in below), default=0.0)
