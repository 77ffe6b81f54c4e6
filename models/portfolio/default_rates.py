"""Default rates by grade: the probability of today, its average over the nights, and what was observed.

Owns the averages and the rates. The probability of today is point in time; the average over a cycle, and
the defaults observed over it, are through the cycle as far as the nights go back.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from itertools import pairwise
from math import exp
from statistics import fmean
from typing import TYPE_CHECKING, Any

from models.policy.grades import GRADES
from models.portfolio.grade_paths import DEFAULT_CODE
from models.portfolio.intervals import rate_interval

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from models.portfolio.migration_matrices import MigrationMatrix


@dataclass(frozen=True, slots=True)
class GradeLevel:
    """Customers of a state on a night, and the mean of their probabilities of default within 12 months."""

    customers: int
    pd_12m: float


@dataclass(frozen=True, slots=True)
class GradeNight:
    """Levels by state of one night, with the model and the policy that its grades follow from."""

    as_of: dt.date
    default_model: str
    policy_hash: str
    levels: Mapping[str, GradeLevel]


@dataclass(frozen=True, slots=True)
class DefaultRate:
    """Default risk of a grade within 12 months, as shares in [0, 1].

    Parameters
    ----------
    customers
        On the last night.
    pd_12m
        Their mean probability; None without customers.
    long_run_pd_12m
        The mean of the months' means over all nights; None where no night had customers.
    defaults, customer_years
        Customers that went straight from the grade into default, and the time spent in it.
    observed_share, low, high
        The share that defaults within a year at the observed rate, and its 95 % interval; None where nobody
        spent any time in the grade.
    """

    grade: str
    customers: int
    pd_12m: float | None
    long_run_pd_12m: float | None
    defaults: int
    customer_years: float
    observed_share: float | None
    low: float | None
    high: float | None

    def document(self) -> dict[str, Any]:
        """Return the figures as plain JSON values."""
        return asdict(self)


def default_rates(nights: Sequence[GradeNight], observed: MigrationMatrix | None) -> list[DefaultRate]:
    """Compare the grades' probabilities with what was observed.

    Parameters
    ----------
    nights
        The oldest first, at least one.
    observed
        Of `models.portfolio.migration_matrices.duration_matrix`; None where the nights are too few.
    """
    found = []
    for code, grade in enumerate(GRADES):
        level = nights[-1].levels.get(grade, GradeLevel(0, 0.0))
        defaults = 0 if observed is None else int(observed.counts[code, DEFAULT_CODE])
        years = 0.0 if observed is None else float(observed.observed[code])
        rates = (defaults / years, *rate_interval(defaults, years)) if years > 0 else (None,) * 3
        shares = (None if rate is None else 1 - exp(-rate) for rate in rates)
        now = level.pd_12m if level.customers else None
        mean = long_run_pd_12m(nights, grade)
        found.append(DefaultRate(grade, level.customers, now, mean, defaults, years, *shares))
    return found


def long_run_pd_12m(nights: Sequence[GradeNight], grade: str) -> float | None:
    """Return the mean of the months' mean probabilities, so that no month counts more for its nights.

    Examples
    --------
    >>> import datetime as dt
    >>> night = lambda day, pd: GradeNight(dt.date(2026, *day), "m", "p", {"B": GradeLevel(9, pd)})
    >>> round(long_run_pd_12m([night((1, 30), 0.01), night((1, 31), 0.03), night((2, 28), 0.04)], "B"), 4)
    0.03
    """
    months = defaultdict[tuple[int, int], list[float]](list)
    for night in nights:
        level = night.levels.get(grade)
        if level is not None and level.customers:
            months[night.as_of.year, night.as_of.month].append(level.pd_12m)
    return fmean(map(fmean, months.values())) if months else None


def changed_days(nights: Sequence[GradeNight]) -> list[dt.date]:
    """Return the nights whose model or policy is another than the night's before."""
    return [
        after.as_of
        for before, after in pairwise(nights)
        if (before.default_model, before.policy_hash) != (after.default_model, after.policy_hash)
    ]
