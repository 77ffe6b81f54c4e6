"""Migration of grades over the nights that are kept: both estimators and the default rates of grades.

Owns which periods cohorts have and how many nights an estimate needs.
"""

from __future__ import annotations

import calendar
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from models.errors import MigrationPeriodError
from models.portfolio.default_rates import changed_days, default_rates
from models.portfolio.grade_paths import DEFAULT_CODE, STATES, GradePaths
from models.portfolio.migration_matrices import cohort_matrix, duration_matrix

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from models.portfolio.default_rates import DefaultRate, GradeNight
    from models.portfolio.grade_paths import GradeChange, StillCustomers
    from models.portfolio.migration_matrices import MigrationMatrix

HORIZON_MONTHS: Final = 12
LONGEST_MONTHS: Final = 60
SHORTEST_MONTHS: Final = 1
"""Nights over less than this say too little of a year."""
NEAR_DAYS: Final = 5
"""How far from the day wanted a cohort's night may be."""


@dataclass(frozen=True, slots=True)
class CohortMigration:
    """Cohort matrix at the horizon, of periods that divide it.

    Parameters
    ----------
    periods
        First and last night of each, the latest first.
    """

    months: int
    periods: tuple[tuple[dt.date, dt.date], ...]
    matrix: MigrationMatrix


@dataclass(frozen=True, slots=True)
class MigrationReport:
    """Migration of grades between two nights.

    Parameters
    ----------
    since, as_of
        First and last night.
    first_night
        From when grades are kept.
    known_from
        The first day with a matrix, where the nights are too few; None where there is one.
    cohort
        None as well where no two nights are a period apart.
    moves, moves_by_change
        Moves between two states, and those on nights with another model or policy than the night before.
    """

    as_of: dt.date
    first_night: dt.date
    since: dt.date
    horizon_months: int
    nights: int
    known_from: dt.date | None
    cohort: CohortMigration | None
    duration: MigrationMatrix | None
    rates: tuple[DefaultRate, ...]
    moves: int
    moves_by_change: int

    def document(self) -> dict[str, Any]:
        """Return the report as plain JSON values."""
        cohort, duration = self.cohort, self.duration
        return {
            "as_of": self.as_of.isoformat(),
            "first_night": self.first_night.isoformat(),
            "since": self.since.isoformat(),
            "horizon_months": self.horizon_months,
            "nights": self.nights,
            "known_from": None if self.known_from is None else self.known_from.isoformat(),
            "states": list(STATES),
            "cohort": None
            if cohort is None
            else {
                "period_months": cohort.months,
                "periods": [{"first": a.isoformat(), "last": b.isoformat()} for a, b in cohort.periods],
                "rows": cohort.matrix.document(),
            },
            "duration": None if duration is None else {"rows": duration.document()},
            "default_rates": [rate.document() for rate in self.rates],
            "moves": self.moves,
            "moves_by_change": self.moves_by_change,
        }


def migration_report(
    nights: Sequence[GradeNight],
    states: tuple[Iterable[StillCustomers], Iterable[GradeChange]],
    since: dt.date | None = None,
    horizon_months: int = HORIZON_MONTHS,
) -> MigrationReport:
    """Estimate the migration between the first and the last night.

    Parameters
    ----------
    nights
        At least one, the oldest first.
    states
        Of all customers up to the last night: those that never changed, and the others' changes.
    since
        Leaves out earlier nights.

    Raises
    ------
    MigrationPeriodError
        The day is not before the last night, or the horizon is not within its bounds.
    """
    first, last = nights[0].as_of, nights[-1].as_of
    if since is not None and since > last:
        raise MigrationPeriodError(f"{since} is after the last night, {last}; give a day up to it")
    if not 1 <= horizon_months <= LONGEST_MONTHS:
        raise MigrationPeriodError(f"the horizon is {horizon_months} months; give 1 to {LONGEST_MONTHS}")
    used = [night for night in nights if since is None or night.as_of >= since]
    begin = used[0].as_of
    paths = GradePaths.of(*states, begin, last)
    known_from = months_after(begin, SHORTEST_MONTHS)
    is_known = known_from <= last
    duration = duration_matrix(paths, horizon_months / 12) if is_known else None
    moved, by_change = _moves(paths, changed_days(used))
    return MigrationReport(
        last,
        first,
        begin,
        horizon_months,
        len(used),
        None if is_known else known_from,
        _cohort(paths, [night.as_of for night in used], horizon_months),
        duration,
        tuple(default_rates(used, duration)),
        moved,
        by_change,
    )


def cohort_periods(nights: Sequence[dt.date], months: int) -> list[tuple[dt.date, dt.date]]:
    """Return periods of some months that end one after the other with the last night, the latest first.

    Each begins on the night closest to its day, within `NEAR_DAYS`; periods without such a night are left
    out.

    Examples
    --------
    >>> import datetime as dt
    >>> ends = [dt.date(2026, 7, 31), dt.date(2026, 8, 31), dt.date(2026, 9, 30)]
    >>> [(first.isoformat(), last.isoformat()) for first, last in cohort_periods(ends, 1)]
    [('2026-08-31', '2026-09-30'), ('2026-07-31', '2026-08-31')]
    """
    found, last, count = [], nights[-1], 0
    end: dt.date | None = last
    while months_after(last, -months * count) >= nights[0]:
        count += 1
        begin = _closest(nights, months_after(last, -months * count))
        if begin is not None and end is not None and begin < end:
            found.append((begin, end))
        end = begin
    return found


def months_after(day: dt.date, months: int) -> dt.date:
    """Return the same day some months later, the last of its month where it is too short.

    Examples
    --------
    >>> import datetime as dt
    >>> months_after(dt.date(2026, 3, 31), -1)
    datetime.date(2026, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1]))


def _closest(nights: Sequence[dt.date], day: dt.date) -> dt.date | None:
    place = bisect_left(nights, day)
    near = [night for night in nights[max(place - 1, 0) : place + 1] if abs((night - day).days) <= NEAR_DAYS]
    return min(near, key=lambda night: abs((night - day).days), default=None)


def _cohort(paths: GradePaths, nights: Sequence[dt.date], horizon_months: int) -> CohortMigration | None:
    """Return the matrix of the longest periods that divide the horizon; None without any."""
    divisors = (months for months in range(horizon_months, 0, -1) if horizon_months % months == 0)
    for months in divisors:
        periods = cohort_periods(nights, months)
        if periods:
            days = [(first.toordinal(), last.toordinal()) for first, last in periods]
            matrix = cohort_matrix(paths, days, horizon_months // months)
            return CohortMigration(months, tuple(periods), matrix)
    return None


def _moves(paths: GradePaths, changed: Sequence[dt.date]) -> tuple[int, int]:
    """Count the customers' moves out of a grade, in all and on some nights."""
    moved = (paths.state < DEFAULT_CODE) & (paths.following >= 0) & (paths.following <= DEFAULT_CODE)
    customers = paths.customers[paths.path[moved]]
    on_those = np.isin(paths.end[moved], [day.toordinal() for day in changed])
    return int(customers.sum()), int(customers[on_those].sum())
