"""Totals of a portfolio before and after a stress scenario: in all, by grade, by sector; the largest changes.

Owns the sums. They are exact (`math.fsum`): the lines of a table add up to its total, and the order of
customers does not matter.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from models.policy.grades import GRADES
from models.portfolio.concentration import UNKNOWN
from models.portfolio.migration import Migration, migration_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from models.portfolio.stress import RiskColumns, StressResult

MOST_MOVERS = 20


@dataclass(frozen=True, slots=True)
class StressSide:
    """Sums of customers on one side of a scenario, in euros.

    Parameters
    ----------
    limits_eur
        Of the limits in force.
    above_limit, above_limit_eur
        Customers above their limit in force, and by how much: breaches.
    receipts_eur
        Expected of the open invoices within `WEEKS` weeks; None where no night forecast them.
    """

    customers: int
    open_eur: float
    own_risk_eur: float
    limits_eur: float
    expected_loss_eur: float
    above_limit: int
    above_limit_eur: float
    receipts_eur: float | None

    @classmethod
    def of(cls, columns: RiskColumns, rows: NDArray[np.intp]) -> StressSide:
        """Sum the customers in some rows."""
        above = columns.above_limit_eur[rows]
        return cls(
            len(rows),
            exact_sum(columns.open_eur[rows]),
            exact_sum(columns.own_risk_eur[rows]),
            exact_sum(columns.limit_eur[rows]),
            exact_sum(columns.expected_loss_eur[rows]),
            int((above > 0.0).sum()),
            exact_sum(above),
            None if columns.receipts_eur is None else exact_sum(columns.receipts_eur[rows].ravel()),
        )


@dataclass(frozen=True, slots=True)
class StressedWeek:
    """Receipts expected in a week, on both sides of a scenario, in euros; the first week is 1."""

    week: int
    before_eur: float
    after_eur: float


@dataclass(frozen=True, slots=True)
class StressLine:
    """The customers of a sector before and after a scenario, or those in a grade on each side."""

    name: str
    before: StressSide
    after: StressSide


@dataclass(frozen=True, slots=True)
class CustomerFigures:
    """Figures of a customer on one side of a scenario; see `RiskColumns`."""

    pd_12m: float
    grade: str
    limit_eur: float
    open_eur: float
    expected_loss_eur: float
    above_limit_eur: float


@dataclass(frozen=True, slots=True)
class StressedCustomer:
    """A customer before and after a scenario.

    Parameters
    ----------
    failed
        Whether the scenario makes it fail for certain.
    """

    customer_id: str
    name: str | None
    sector: str | None
    failed: bool
    before: CustomerFigures
    after: CustomerFigures

    @property
    def added_loss_eur(self) -> float:
        """Change of its expected loss."""
        return self.after.expected_loss_eur - self.before.expected_loss_eur


@dataclass(frozen=True, slots=True)
class StressSummary:
    """What a scenario does to a portfolio.

    Parameters
    ----------
    failed, failure_loss_eur
        Customers that the scenario makes fail for certain, and what is lost on them: part of the expected
        loss after.
    new_breaches
        Customers above their limit after, not before.
    movers
        Those whose expected loss changes most, the largest change first.
    weeks
        Receipts week by week; empty where no night forecast them.
    """

    customers: int
    before: StressSide
    after: StressSide
    failed: int
    failure_loss_eur: float
    new_breaches: int
    grades: tuple[StressLine, ...]
    sectors: tuple[StressLine, ...]
    migration: Migration
    movers: tuple[StressedCustomer, ...]
    weeks: tuple[StressedWeek, ...]

    def document(self) -> dict[str, Any]:
        """Return the summary as plain JSON values."""
        return {**asdict(self), "migration": self.migration.document()}


def stress_summary(result: StressResult, most: int = MOST_MOVERS) -> StressSummary:
    """Sum up a scenario's effects.

    Parameters
    ----------
    most
        Number of customers to show with their changes.
    """
    before, after, everybody = result.base.before, result.after, np.arange(len(result.failed))
    sectors = np.array([one.sector or UNKNOWN for one in result.base.positions.items], np.str_)
    added = after.expected_loss_eur - before.expected_loss_eur
    breached = (after.above_limit_eur > 0.0) & ~(before.above_limit_eur > 0.0)
    pairs = Counter(zip(before.grade.tolist(), after.grade.tolist(), strict=True))
    ranked = np.lexsort((everybody, -np.abs(added)))
    moved = ranked[added[ranked] != 0.0][:most]
    return StressSummary(
        customers=len(everybody),
        before=StressSide.of(before, everybody),
        after=StressSide.of(after, everybody),
        failed=int(result.failed.sum()),
        failure_loss_eur=exact_sum(after.expected_loss_eur[result.failed]),
        new_breaches=int(breached.sum()),
        grades=tuple(
            StressLine(
                grade,
                StressSide.of(before, np.flatnonzero(before.grade == place)),
                StressSide.of(after, np.flatnonzero(after.grade == place)),
            )
            for place, grade in enumerate(GRADES)
        ),
        sectors=tuple(
            StressLine(str(name), StressSide.of(before, rows), StressSide.of(after, rows))
            for name in np.unique(sectors)
            for rows in [np.flatnonzero(sectors == name)]
        ),
        migration=migration_of(
            {(GRADES[old], GRADES[new]): count for (old, new), count in sorted(pairs.items())}
        ),
        movers=tuple(_customer(result, place) for place in moved.tolist()),
        weeks=_weeks(before, after),
    )


def _weeks(before: RiskColumns, after: RiskColumns) -> tuple[StressedWeek, ...]:
    if before.receipts_eur is None or after.receipts_eur is None:
        return ()
    sides = zip(before.receipts_eur.T, after.receipts_eur.T, strict=True)
    return tuple(
        StressedWeek(week, exact_sum(was), exact_sum(becomes)) for week, (was, becomes) in enumerate(sides, 1)
    )


def stressed_customers(result: StressResult) -> Iterator[StressedCustomer]:
    """Yield every customer before and after a scenario, in the order of customer numbers."""
    for place in range(len(result.failed)):
        yield _customer(result, place)


def _customer(result: StressResult, place: int) -> StressedCustomer:
    one = result.base.positions.items[place]
    sides = (_figures(columns, place) for columns in (result.base.before, result.after))
    return StressedCustomer(one.customer_id, one.name, one.sector, bool(result.failed[place]), *sides)


def _figures(columns: RiskColumns, place: int) -> CustomerFigures:
    return CustomerFigures(
        float(columns.pd_12m[place]),
        GRADES[columns.grade[place]],
        float(columns.limit_eur[place]),
        float(columns.open_eur[place]),
        float(columns.expected_loss_eur[place]),
        max(float(columns.open_eur[place] - columns.limit_eur[place]), 0.0),
    )


def exact_sum(values: NDArray[np.float64]) -> float:
    """Return the correctly rounded sum, which no order of the values changes."""
    return math.fsum(values.tolist())
