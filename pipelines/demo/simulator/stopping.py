"""Dates of defaults, and the invoices that they leave unpaid.

Owns the three ways of default: a proceeding is opened, the customer ceases to pay for more than 90 days, or
the seller writes the claim off. It draws dates and the stopped invoices; `settling` draws payment lines,
`events` filings and signals.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipelines.demo.simulator.health import CESSATION, CURE_MONTHS, PROCEEDING

if TYPE_CHECKING:
    from pipelines.demo.simulator.invoicing import Invoices
    from pipelines.demo.simulator.portfolio import SimulatedPortfolio
    from pipelines.demo.simulator.timeline import Flags, Floats, Ints

PAST_DUE_DAYS = 90
SMALLEST_CENTS = 90_000
"""A smaller unpaid invoice cannot by itself be a default (500 EUR, after a part payment)."""
LEAD_DAYS = (10, 85)
"""Range of days before a proceeding or a write-off at which the customer stops paying."""
PROCEEDING_SHARES = (0.07, 0.38, 0.55)
SURVIVING_SHARE = 0.12
"""Share of its purchases that a company under court protection continues."""
NO_DUE = -(10**6)
SAFEGUARD, RECEIVERSHIP, LIQUIDATION = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Defaults:
    """Defaults in order of customer and day; arrays of shape (n_defaults,).

    Parameters
    ----------
    customer
        Index of the customer.
    onset
        Month in which the distress opened.
    day
        Day of default, as a day number.
    way
        `PROCEEDING`, `CESSATION` or `WRITE_OFF`.
    cures
        Whether the customer settles its debts and buys again.
    proceeding
        `SAFEGUARD`, `RECEIVERSHIP` or `LIQUIDATION`; only meaningful for a proceeding.
    """

    customer: Ints
    onset: Ints
    day: Ints
    way: Ints
    cures: Flags
    proceeding: Ints


@dataclass(frozen=True, slots=True)
class Stops:
    """Effects of defaults on each invoice; arrays of shape (n_invoices,).

    Parameters
    ----------
    issued
        Whether the invoice is issued.
    default
        Row of the default in which it stays unpaid, -1 if none.
    prompt
        Whether it is paid at the due date, as a purchase under court administration.
    """

    issued: Flags
    default: Ints
    prompt: Flags

    def only_issued(self) -> Stops:
        """Return the entries of the issued invoices."""
        rows = self.issued
        return Stops(rows[rows], self.default[rows], self.prompt[rows])


def stop(
    portfolio: SimulatedPortfolio, invoices: Invoices, rng: np.random.Generator
) -> tuple[Defaults, Stops]:
    """Date every default and mark the invoices concerned.

    Ceasing to pay requires an invoice whose 91st day past due is in the drawn month; a customer without one
    enters a proceeding instead, so that the month of default is unchanged.
    """
    stops = Stops(
        np.ones(invoices.count, dtype=np.bool_),
        np.full(invoices.count, -1),
        np.zeros(invoices.count, dtype=np.bool_),
    )
    distress, time = portfolio.distress, portfolio.time
    order = np.lexsort((distress.end, distress.customer))
    gone: set[int] = set()
    rows: list[tuple[int, int, int, int, bool, int]] = []
    for episode in order[distress.defaults[order]]:
        customer = int(distress.customer[episode])
        if customer in gone:
            continue
        low, high = np.searchsorted(invoices.customer, [customer, customer + 1])
        own = slice(int(low), int(high))
        due = np.where(stops.issued[own] & (stops.default[own] < 0), invoices.due[own], NO_DUE)
        wish, month = int(distress.way[episode]), int(distress.end[episode])
        way, day, stop_due = _date(portfolio, (wish, month), due, invoices.cents[own], rng)
        cures = bool(distress.cures[episode]) and way == CESSATION
        kind = int(rng.choice(3, p=PROCEEDING_SHARES))
        rows.append((customer, int(distress.onset[episode]), day, way, cures, kind))
        if cures:
            back = int(time.first_day(distress.end[episode : episode + 1] + CURE_MONTHS)[0])
            bought = invoices.issued[own] >= back
        else:
            gone.add(customer)
            survives = SURVIVING_SHARE * (way == PROCEEDING and kind != LIQUIDATION)
            bought = rng.random(len(due)) < survives
            stops.prompt[own] |= bought & (invoices.issued[own] > day)
        before = invoices.issued[own] <= day
        stops.issued[own] &= before | bought
        stops.default[own] = np.where(before & (due >= stop_due), len(rows) - 1, stops.default[own])
    columns = [np.array(column) for column in zip(*rows, strict=True)] or [np.zeros(0, dtype=np.int64)] * 6
    customers, onset, days, ways, cured, kinds = columns
    return Defaults(customers, onset, days, ways, cured.astype(np.bool_), kinds), stops


def _date(
    portfolio: SimulatedPortfolio,
    wish: tuple[int, int],
    due: Ints,
    cents: Ints,
    rng: np.random.Generator,
) -> tuple[int, int, int]:
    """Return the way, the day of default and the due day from which nothing is paid.

    Parameters
    ----------
    wish
        The drawn way and month.
    due
        Due days of the customer's invoices that can stop, `NO_DUE` for others.
    """
    way, month = wish
    first, following = (int(day) for day in portfolio.time.first_day(np.array([month, month + 1])))
    if way == CESSATION:
        breach = due + PAST_DUE_DAYS + 1
        able = (breach >= first) & (breach < following) & (cents >= SMALLEST_CENTS)
        able &= cents >= 0.5 * np.median(cents) if len(cents) else able
        if able.any():
            stop_due = int(due[able].min())
            return CESSATION, stop_due + PAST_DUE_DAYS + 1, stop_due
        way = PROCEEDING
    day = int(portfolio.calendar.working_day_in_month(np.array([rng.integers(first, following)]))[0])
    return way, day, day - int(rng.integers(LEAD_DAYS[0], LEAD_DAYS[1] + 1))


def share_stopped(lead_days: Floats) -> Floats:
    """Return the share of proceedings whose customer stopped at least `lead_days` days before."""
    return np.asarray(np.clip((LEAD_DAYS[1] - lead_days) / (LEAD_DAYS[1] - LEAD_DAYS[0]), 0.0, 1.0))
