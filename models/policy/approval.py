"""Approval of a limit: who approves which amount, and how many persons it takes.

Owns the levels of roles and users; the keys are `models.policy.sections.approval`'s.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.errors import CreditError
from models.policy.sections.approval import APPROVERS, COMMITTEE
from models.policy.sections.overrides import ADMIN

if TYPE_CHECKING:
    import datetime as dt

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


def level_of(role: str, user: str | None, day: dt.date, policy: Policy) -> str | None:
    """Return the role of `APPROVERS` whose level a person has on a day; None without one.

    It is that of the role the person signs in with, unless `approval.members` names another; a stand-in has
    the higher of both. An admin enters what the committee decides.

    Parameters
    ----------
    role
        What the person signs in with.
    user
        The name it signs in with; None for a program, which nobody names.

    Examples
    --------
    >>> import datetime as dt
    >>> from models.policy.document import load_policy
    >>> [level_of(role, None, dt.date(2026, 12, 1), load_policy()) for role in ("analyst", "admin", "batch")]
    ['analyst', 'committee', None]
    """
    own = COMMITTEE if role == ADMIN else role if role in APPROVERS else None
    rules = policy.approval
    named = next((one.role for one in rules.members if one.user == user), own)
    held = [one.role for one in rules.stand_ins if one.user == user and one.in_force(day)]
    return max([*held, *([] if named is None else [named])], key=list(APPROVERS).index, default=None)


def reaches(level: str | None, needed: str) -> bool:
    """Return whether a level is at least another one of `APPROVERS`.

    Examples
    --------
    >>> reaches("credit_manager", "analyst"), reaches("sales", "analyst"), reaches(None, "sales")
    (True, False, False)
    """
    ranks = list(APPROVERS)
    return level is not None and ranks.index(level) >= ranks.index(needed)


def approvals_needed(amount_eur: float, policy: Policy) -> int:
    """Return how many persons must approve an amount: 1, or 2 above `second_approver_above_eur`.

    Examples
    --------
    >>> from models.policy.document import load_policy
    >>> [approvals_needed(eur, load_policy()) for eur in (250_000.0, 250_000.01)]
    [1, 2]
    """
    above = policy.approval.second_approver_above_eur
    return 1 if above is None or amount_eur <= above else 2
