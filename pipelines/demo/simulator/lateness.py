"""Payment date of each invoice.

Owns the day of the last payment: the payer's habit, its health and its sector's cycle at issue, noise,
distress, disputes, payment runs, and the stops marked by `stopping`. `settling` splits the amount;
`late_odds` computes the probability of late payment.

An ordinary invoice is never more than 85 undisputed days late; more than 90 is a default, which `stopping`
decides. Only small forgotten invoices are later.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipelines.demo.simulator.health import CESSATION

if TYPE_CHECKING:
    from pipelines.demo.simulator.invoicing import Invoices
    from pipelines.demo.simulator.portfolio import SimulatedPortfolio
    from pipelines.demo.simulator.stopping import Defaults, Stops
    from pipelines.demo.simulator.timeline import Flags, Floats, Ints

EULER_GAMMA = 0.5772156649
MOST_WANTED, MOST_DAYS = 78, 85
STRETCH_DAYS = (15, 65)
PETTY_CENTS, FORGOTTEN_SHARE = 12_000, 0.015


@dataclass(frozen=True, slots=True)
class Lateness:
    """Outcome of each invoice; arrays of shape (n_invoices,).

    Parameters
    ----------
    paid
        Day of the last payment, as a day number; undefined where `never`.
    never
        Whether it is never paid in full.
    disputed
        Whether it is disputed, from `disputed_from` to `disputed_to` (day numbers).
    excused
        Days past due that were in dispute.
    """

    paid: Ints
    never: Flags
    disputed: Flags
    disputed_from: Ints
    disputed_to: Ints
    excused: Ints


def draw_lateness(
    portfolio: SimulatedPortfolio,
    invoices: Invoices,
    stops: Stops,
    defaults: Defaults,
    rng: np.random.Generator,
) -> Lateness:
    """Draw the day of the last payment of every invoice."""
    habits, calendar, time = portfolio.habits, portfolio.calendar, portfolio.time
    who, due = invoices.customer, invoices.due
    late = expected_days(portfolio, invoices)
    late = late + habits.noise_days[who] * (-np.log(-np.log(rng.random(invoices.count))) - EULER_GAMMA)
    stretched = portfolio.distress.age[who, time.column(time.month_of(due))] > 0
    late = late + stretched * rng.uniform(*STRETCH_DAYS, invoices.count)
    wanted = np.minimum(np.round(late), MOST_WANTED).astype(np.int64)
    forgotten = (invoices.cents < PETTY_CENTS) & (rng.random(invoices.count) < FORGOTTEN_SHARE)
    wanted = np.where(forgotten, rng.integers(50, 200, invoices.count), wanted)
    wanted = np.maximum(due + wanted, invoices.issued + 3)
    ceased = (stops.default >= 0) & (np.append(defaults.way, -1)[stops.default] == CESSATION)
    barred = ceased | stops.prompt | forgotten
    disputed, opened, closed = _disputes(portfolio, invoices, wanted, barred, rng)
    excused = np.where(disputed, np.maximum(closed - np.maximum(opened, due), 0), 0)
    wanted = np.where(disputed, np.maximum(wanted + excused, closed + 2), wanted)
    paid = calendar.run_from(habits.run[who], wanted)
    too_late = (paid > due + excused + MOST_DAYS) | stops.prompt
    paid = np.where(too_late, calendar.working_day(np.where(stops.prompt, due, wanted)), paid)
    paid = np.where(stops.default >= 0, calendar.working_day(_cured(invoices, stops, defaults, rng)), paid)
    never = _never(invoices, stops, defaults, paid)
    return Lateness(paid, never, disputed, opened, closed, excused)


def expected_days(portfolio: SimulatedPortfolio, invoices: Invoices) -> Floats:
    """Return the mean lateness in days, before runs and distress, given the hidden state at issue."""
    who, month = invoices.customer, portfolio.time.month_of(invoices.issued)
    strain = np.logaddexp(0.0, -(portfolio.health_at(who, month) + 0.1) / 0.6) * 0.6
    cycle = portfolio.health.cycle[who, portfolio.time.column(month)]
    return np.asarray(portfolio.habits.late_days[who] + 10.0 * strain - 2.0 * cycle)


def _disputes(
    portfolio: SimulatedPortfolio, invoices: Invoices, wanted: Ints, barred: Flags, rng: np.random.Generator
) -> tuple[Flags, Ints, Ints]:
    """Return which invoices are disputed, from when and to when."""
    total = portfolio.health_at(invoices.customer, portfolio.time.month_of(invoices.issued))
    chance = np.clip(0.012 * np.exp(-0.25 * total), 0.0, 0.05)
    opened = invoices.issued + rng.integers(4, 31, invoices.count)
    length = np.clip(np.exp(rng.normal(3.4, 0.7, invoices.count)), 3, 180)
    stuck = rng.random(invoices.count) < 0.08
    length = np.where(stuck, length + rng.uniform(150, 400, invoices.count), length)
    disputed = (rng.random(invoices.count) < chance) & (opened < wanted) & ~barred
    return disputed, opened, opened + np.round(length).astype(np.int64)


def _cured(invoices: Invoices, stops: Stops, defaults: Defaults, rng: np.random.Generator) -> Ints:
    """Return the days on which stopped invoices are paid if the customer's default is cured."""
    delay = np.append(rng.integers(10, 110, len(defaults.day)), 0)
    day = np.append(defaults.day, 0)[stops.default] + delay[stops.default]
    return np.asarray(np.maximum(day + rng.integers(0, 30, invoices.count), invoices.due + 3))


def _never(invoices: Invoices, stops: Stops, defaults: Defaults, paid: Ints) -> Flags:
    """Return the invoices never paid: stopped without a cure, or frozen by a proceeding or a write-off."""
    stopped = (stops.default >= 0) & ~np.append(defaults.cures, False)[stops.default]
    frozen = np.full(int(max(invoices.customer.max(initial=0), defaults.customer.max(initial=0))) + 1, 10**9)
    ends = ~defaults.cures & (defaults.way != CESSATION)
    frozen[defaults.customer[ends]] = defaults.day[ends]
    end = frozen[invoices.customer]
    return np.asarray(stopped | ((invoices.issued <= end) & (paid > end)))
