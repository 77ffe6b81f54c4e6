"""The hidden health of each company, and its episodes of distress.

Owns the unobserved state. Health y around a company's own level a is

    health(t) = a + y(t),  y(t) = z(t) + sensitivity × cycle(sector, t)

where z and the cycle are AR(1) with the same `PERSISTENCE`, so that y is too, with rare downward shocks.
*Distress* starts in a month with probability `onset_hazard`, higher at low health; it lasts `LAGS` months and
ends in default with probability `DEFAULT_SHARE`, otherwise the company recovers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.demo.simulator.sectors import SECTORS
from pipelines.demo.simulator.timeline import AFTER_MONTHS, BURN_MONTHS, Flags, Floats, Ints, Timeline

if TYPE_CHECKING:
    import numpy.typing as npt

    from pipelines.demo.simulator.companies import Companies

PERSISTENCE = 0.97
OWN_SD, CYCLE_SD, LEVEL_SD = 0.74, 0.32, 0.50
SENSITIVITIES = np.array([0.3, 0.9, 1.6])
SHOCK_SHARE, SHOCK_SIZE = 0.006, 1.4
ONSET_LOGIT, ONSET_SLOPE = -6.85, 1.45
LAGS = np.array([3, 4, 5, 6])
LAG_SHARES = np.array([0.30, 0.30, 0.25, 0.15])
DEFAULT_SHARE = 0.62
PROCEEDING, CESSATION, WRITE_OFF = 0, 1, 2
WAY_SHARES = np.array([0.50, 0.40, 0.10])
CURE_SHARE, CURE_MONTHS = 0.3, 6


@dataclass(frozen=True, slots=True)
class Health:
    """Hidden health.

    Parameters
    ----------
    level
        The company's own level a, shape (n_customers,).
    sensitivity
        Index into `SENSITIVITIES`, shape (n_customers,).
    deviation
        y by month, shape (n_customers, n_columns); see `Timeline`.
    cycle
        The sector's cycle, repeated per company, same shape.
    """

    level: Floats
    sensitivity: Ints
    deviation: Floats
    cycle: Floats

    @property
    def total(self) -> Floats:
        """Health by month, shape (n_customers, n_columns); high is healthy."""
        return self.level[:, None] + self.deviation


@dataclass(frozen=True, slots=True)
class Distress:
    """Episodes of distress, one entry each, and the state by month.

    Parameters
    ----------
    customer, onset, end
        Customer, month of onset and last month; shape (n_episodes,).
    defaults, way, cures
        Whether it ends in default, the intended way, and whether a default by ceasing to pay is cured
        `CURE_MONTHS` later.
    age
        Months since the onset at each month's start, 0 without distress; shape (n_customers, n_columns).
    """

    customer: Ints
    onset: Ints
    end: Ints
    defaults: Flags
    way: Ints
    cures: Flags
    age: Ints


def onset_hazard(health: Floats) -> Floats:
    """Return the probability that distress starts within the month.

    Examples
    --------
    >>> bool(onset_hazard(np.array([-1.0]))[0] > onset_hazard(np.array([1.0]))[0])
    True
    """
    return np.asarray(1.0 / (1.0 + np.exp(-(ONSET_LOGIT - ONSET_SLOPE * health))))


def draw_health(companies: Companies, time: Timeline, rng: np.random.Generator) -> Health:
    """Draw every company's health over all months of a hidden path."""
    count, columns = companies.count, time.n_columns
    age_years = (time.until - companies.created) / 365.25
    level = np.array([sector.health for sector in SECTORS])[companies.sector]
    level = level + 0.16 * (np.log1p(companies.headcount) - 1.8) + 0.25 * np.tanh((age_years - 9) / 8)
    level = level + rng.normal(0, LEVEL_SD, count)
    sensitivity = rng.choice(len(SENSITIVITIES), count, p=[0.35, 0.40, 0.25])
    cycles = _autoregression(CYCLE_SD, 0.0, (len(SECTORS), columns), rng)
    own = _autoregression(OWN_SD, SHOCK_SHARE, (count, columns), rng)
    cycle = cycles[companies.sector]
    return Health(level, sensitivity, own + SENSITIVITIES[sensitivity][:, None] * cycle, cycle)


def _autoregression(
    sd: float, shock_share: float, shape: tuple[int, int], rng: np.random.Generator
) -> Floats:
    steps = rng.normal(0, sd * np.sqrt(1 - PERSISTENCE**2), shape)
    steps -= SHOCK_SIZE * (rng.random(shape) < shock_share)
    path = np.empty(shape)
    path[:, 0] = rng.normal(0, sd, shape[0])
    for column in range(1, shape[1]):
        path[:, column] = PERSISTENCE * path[:, column - 1] + steps[:, column]
    return path


def draw_distress(health: Health, entry: Ints, time: Timeline, rng: np.random.Generator) -> Distress:
    """Draw the episodes of distress, with their onset and end.

    Existing customers may be in distress at the start of the period, but none has defaulted before; new
    customers enter without distress.
    """
    hazard = onset_hazard(health.total)
    age = np.zeros(hazard.shape, dtype=np.int64)
    lag, back = np.zeros(len(entry), dtype=np.int64), np.full(len(entry), -(10**6))
    defaults = np.zeros(len(entry), dtype=np.bool_)
    rows: list[tuple[npt.NDArray[Any], ...]] = []
    for month in range(-LAGS.max(), time.months + AFTER_MONTHS):
        column, now = month + BURN_MONTHS, age[:, month + BURN_MONTHS]
        starts = (rng.random(len(entry)) < hazard[:, column]) & (now == 0) & (month >= back)
        starts &= (entry < 0) | (month >= entry)
        lag[starts] = rng.choice(LAGS, int(starts.sum()), p=LAG_SHARES)
        defaults[starts] = rng.random(int(starts.sum())) < DEFAULT_SHARE
        ends = (now > 0) & (now == lag)
        if column + 1 < hazard.shape[1]:
            age[:, column + 1] = np.where(ends, 0, np.where(now > 0, now + 1, starts))
        who = np.flatnonzero(ends)
        way = rng.choice(3, len(who), p=WAY_SHARES)
        cures = (way == CESSATION) & (rng.random(len(who)) < CURE_SHARE)
        real = defaults[who] & (month >= 0)
        back[who[real]] = np.where(cures[real], month + CURE_MONTHS, 10**6)
        rows.append((who, month - lag[who], np.full(len(who), month), real, way, cures))
    customer, onset, end, real, way, cures = (np.concatenate(part) for part in zip(*rows, strict=True))
    return Distress(customer, onset, end, real.astype(np.bool_), way, cures.astype(np.bool_), age)
