"""Comparison of two policies on a portfolio: changed grades and limits, and the portfolio's risk.

Owns the arithmetic on stored cases, without the models. Values that a policy only contributes to a request,
such as default terms, stay as stored. Overrides are left out: both sides are the policies' own results.
`pipelines.cli.console.policy` prints them.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from models.policy.bands import graded
from models.policy.limit.limit import check_case, limit_amount
from models.policy.limit.terms import need_eur
from models.portfolio.migration import Migration, migration

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from models.policy.credit_case import CreditCase
    from models.policy.document import Policy


@dataclass(frozen=True, slots=True)
class PolicyOutcome:
    """Result of a policy for one customer.

    Parameters
    ----------
    expected_loss_eur
        Yearly `PD x LGD` of the limit, used up to the need, less what an insurer pays of it.
    """

    grade: str
    limit_eur: float
    binding: str
    expected_loss_eur: float


@dataclass(frozen=True, slots=True)
class CustomerChange:
    """A customer whose grade or limit changes.

    Parameters
    ----------
    open_eur
        Its current exposure.
    explained_by
        The one changed key that alone gives the new grade and limit; None if several or none do.
    """

    customer_id: str
    name: str | None
    open_eur: float
    before: PolicyOutcome
    after: PolicyOutcome
    explained_by: str | None


@dataclass(frozen=True, slots=True)
class PortfolioUnderPolicy:
    """The portfolio under one policy, in euros.

    Parameters
    ----------
    limits_eur
        The sum of all limits.
    expected_loss_eur
        Yearly, of the limits used up to the need; see `PolicyOutcome`.
    above_limit_eur, above_limit
        Exposure above limits, and the number of customers with such.
    prepaying
        Customers with a limit of 0.
    """

    version: str
    hash: str
    limits_eur: float
    expected_loss_eur: float
    above_limit_eur: float
    above_limit: int
    prepaying: int


@dataclass(frozen=True, slots=True)
class PolicyComparison:
    """Two policies compared on one portfolio; changes are sorted by change of limit, largest first.

    Parameters
    ----------
    keys
        The keys that differ.
    """

    customers: int
    keys: tuple[str, ...]
    before: PortfolioUnderPolicy
    after: PortfolioUnderPolicy
    grades: Migration
    changes: tuple[CustomerChange, ...]

    def document(self) -> dict[str, Any]:
        """Return the comparison as plain JSON values."""
        return {
            "customers": self.customers,
            "keys": list(self.keys),
            "before": asdict(self.before),
            "after": asdict(self.after),
            "grades": self.grades.document(),
            "changes": [asdict(change) for change in self.changes],
        }


def compare_policies(
    cases: Iterable[tuple[str, str | None, CreditCase]],
    old: Policy,
    new: Policy,
    keys: tuple[str, ...] = (),
    single: Mapping[str, Policy] | None = None,
) -> PolicyComparison:
    """Compute every case under both policies.

    Parameters
    ----------
    cases
        Ids, names and cases of customers.
    keys
        The keys that differ, of `models.policy.changes.changed_keys`.
    single
        The old policy with one key of the new one, by key, of `models.policy.changes.single_changes`.

    Raises
    ------
    CreditError
        A case has another currency than a policy.
    """
    alone = {key: one for key, one in (single or {}).items() if _limit_parts(one) != _limit_parts(old)}
    owed, ids = [], []
    before, after, changes = [], [], []
    for customer_id, name, case in cases:
        was, becomes = outcome(case, old), outcome(case, new)
        ids.append(customer_id)
        owed.append(max(case.open_eur, 0.0))
        before.append(was)
        after.append(becomes)
        if (was.grade, was.limit_eur) != (becomes.grade, becomes.limit_eur):
            key = _explaining(case, becomes, alone)
            changes.append(CustomerChange(customer_id, name, case.open_eur, was, becomes, key))
    changes.sort(
        key=lambda change: (-abs(change.after.limit_eur - change.before.limit_eur), change.customer_id)
    )
    grades = [dict(zip(ids, (one.grade for one in side), strict=True)) for side in (before, after)]
    return PolicyComparison(
        customers=len(ids),
        keys=keys,
        before=_side(old, before, owed),
        after=_side(new, after, owed),
        grades=migration(*grades),
        changes=tuple(changes),
    )


def outcome(case: CreditCase, policy: Policy) -> PolicyOutcome:
    """Grade one case and compute its limit and expected loss under a policy.

    The limit is assumed to be used up to the need, or fully if the need is unknown. An insurer pays its share
    of the part within its own limit.
    """
    check_case(case, policy)
    again, need = graded(case, policy), need_eur(case)
    limit_eur, binding = limit_amount(again, policy)
    used = limit_eur if need is None else min(limit_eur, need)
    borne = used - case.covered_share * min(used, case.insured_limit_eur)
    loss_eur = case.pd_12m * policy.expected_loss.lgd_share * borne
    return PolicyOutcome(again.grade, limit_eur, binding, loss_eur)


def _explaining(case: CreditCase, becomes: PolicyOutcome, alone: Mapping[str, Policy]) -> str | None:
    """Return the one key that alone leads to the new grade and limit."""
    target = (becomes.grade, becomes.limit_eur)
    found: list[str] = []
    for key, policy in alone.items():
        tried = outcome(case, policy)
        if (tried.grade, tried.limit_eur) == target:
            found.append(key)
    return found[0] if len(found) == 1 else None


def _limit_parts(policy: Policy) -> tuple[object, ...]:
    """Return the parts of a policy that grade and limit depend on."""
    return (
        policy.currency,
        policy.pd_grades,
        policy.capacity,
        policy.expected_loss,
        policy.concentration,
        policy.starter,
        policy.stops.max_overdue_days,
        policy.limit.step_eur,
        policy.value,
        policy.approval.unapproved_limit_eur,
        policy.proceedings.plan_best_grade,
    )


def _side(policy: Policy, outcomes: list[PolicyOutcome], owed: list[float]) -> PortfolioUnderPolicy:
    above = [max(open_eur - one.limit_eur, 0.0) for one, open_eur in zip(outcomes, owed, strict=True)]
    return PortfolioUnderPolicy(
        version=policy.version,
        hash=policy.hash,
        limits_eur=sum(one.limit_eur for one in outcomes),
        expected_loss_eur=sum(one.expected_loss_eur for one in outcomes),
        above_limit_eur=sum(above),
        above_limit=sum(eur > 0.0 for eur in above),
        prepaying=sum(one.limit_eur == 0.0 for one in outcomes),
    )
