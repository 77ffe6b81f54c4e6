"""True probability, at issue and given the hidden state, that an invoice is more than 30 days late.

Owns the integral over what is still random at issue: noise, payment runs, future distress, stops.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipelines.demo.simulator.health import (
    CESSATION,
    DEFAULT_SHARE,
    LAG_SHARES,
    LAGS,
    WAY_SHARES,
    onset_hazard,
)
from pipelines.demo.simulator.lateness import (
    EULER_GAMMA,
    FORGOTTEN_SHARE,
    PETTY_CENTS,
    STRETCH_DAYS,
    expected_days,
)
from pipelines.demo.simulator.stopping import share_stopped

if TYPE_CHECKING:
    from pipelines.demo.simulator.invoicing import Invoices
    from pipelines.demo.simulator.portfolio import SimulatedPortfolio
    from pipelines.demo.simulator.stopping import Stops
    from pipelines.demo.simulator.timeline import Floats, Ints

LATE_DAYS = 30
ABLE_SHARE = 0.6
"""Share of customers drawn to cease paying who have a large enough invoice."""
MOST_MONTHS = 12


def late_probability(portfolio: SimulatedPortfolio, invoices: Invoices, stops: Stops) -> Floats:
    """Return P(more than 30 undisputed days late) at issue, shape (n_invoices,)."""
    habits, calendar, time = portfolio.habits, portfolio.calendar, portfolio.time
    who, issued = invoices.customer, time.month_of(invoices.issued)
    room = calendar.run_up_to(habits.run[who], invoices.due + LATE_DAYS) - invoices.due + 0.5
    room = room - expected_days(portfolio, invoices)
    scale = habits.noise_days[who]
    usual = _beyond(room, scale)
    low, high = STRETCH_DAYS
    parts = low + (high - low) * (np.arange(12) + 0.5) / 12
    stretched = np.mean([_beyond(room - part, scale) for part in parts], axis=0)
    ahead = np.clip(time.month_of(invoices.due) - issued, 0, MOST_MONTHS - 7)
    hazard = onset_hazard(portfolio.health_at(who, issued))
    unpaid, stretch = _distress_odds(portfolio.distress.age[who, time.column(issued)], ahead, hazard)
    odds = unpaid + stretch * stretched + (1 - unpaid - stretch) * usual
    odds = np.where(invoices.cents < PETTY_CENTS, odds + (1 - odds) * FORGOTTEN_SHARE, odds)
    return np.asarray(np.where(stops.prompt, 0.0, np.clip(odds, 0.0, 1.0)))


def _beyond(days: Floats, scale: Floats) -> Floats:
    """Return P(noise > days) of a Gumbel noise with mean 0."""
    with np.errstate(over="ignore"):
        return np.asarray(-np.expm1(-np.exp(-(days / scale + EULER_GAMMA))))


def _distress_odds(age: Ints, ahead: Ints, hazard: Floats) -> tuple[Floats, Floats]:
    """Return the probabilities that the invoice stays unpaid, and that distress only delays its payment.

    Parameters
    ----------
    age
        Months in distress at issue, 0 without distress.
    ahead
        Months from the month of issue to that of the due date.
    hazard
        Probability that distress starts in a month.
    """
    unpaid, stretch = _tables()
    fallen_unpaid = unpaid[age, np.minimum(age + ahead, MOST_MONTHS)]
    fallen_stretch = stretch[age, np.minimum(age + ahead, MOST_MONTHS)]
    new_unpaid, new_stretch = np.zeros(len(age)), np.zeros(len(age))
    free = np.ones(len(age))
    for month in range(int(ahead.max(initial=0)) + 1):
        opens = free * hazard * (month <= ahead)
        passed = np.maximum(ahead - month, 0)
        new_unpaid += opens * unpaid[0, passed]
        new_stretch += opens * stretch[0, passed]
        free = free * (1 - hazard)
    fallen = age > 0
    return np.where(fallen, fallen_unpaid, new_unpaid), np.where(fallen, fallen_stretch, new_stretch)


def _tables() -> tuple[Floats, Floats]:
    """Return both probabilities by months in distress at issue and at the due date; shape (7, 13)."""
    unpaid = np.zeros((LAGS.max() + 1, MOST_MONTHS + 1))
    stretch = np.zeros_like(unpaid)
    months = np.arange(MOST_MONTHS + 1)
    ceasing = WAY_SHARES[CESSATION] * ABLE_SHARE
    for age in range(LAGS.max() + 1):
        shares = LAG_SHARES * (age <= LAGS)
        for lag, share in zip(LAGS, shares / shares.sum(), strict=True):
            ceased = np.where(months > lag - 3, 1.0, np.where(months == lag - 3, 0.6, 0.0))
            frozen = np.where(months > lag, 1.0, share_stopped((lag - months) * 30.4 - 12))
            stops = DEFAULT_SHARE * (ceasing * ceased + (1 - ceasing) * frozen)
            unpaid[age] += share * stops
            stretch[age] += share * np.where((months >= 1) & (months <= lag), 1 - stops, 0.0)
    return unpaid, stretch
