"""Invoices that the seller would issue if every customer stayed solvent.

Owns number, dates and amounts; `stopping` then removes invoices after defaults, and `lateness` draws
payments.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pipelines.demo.simulator.portfolio import SimulatedPortfolio
    from pipelines.demo.simulator.timeline import Flags, Floats, Ints, Timeline

SEASON = np.array([0.92, 0.93, 1.08, 1.02, 1.0, 1.10, 1.02, 0.55, 1.08, 1.12, 1.08, 1.02])
VOLUME_OF_HEALTH, VOLUME_IN_DISTRESS = 0.10, 0.8


@dataclass(frozen=True, slots=True)
class Invoices:
    """Invoices sorted by customer and day of issue; arrays of shape (n_invoices,).

    Parameters
    ----------
    customer
        Index of the customer.
    issued, due
        Day numbers; due is never before issued.
    cents
        Amount incl. VAT, at least 1,000.
    """

    customer: Ints
    issued: Ints
    due: Ints
    cents: Ints

    @property
    def count(self) -> int:
        """Number of invoices."""
        return len(self.customer)

    def only(self, rows: Flags) -> Invoices:
        """Return the chosen invoices."""
        return replace(self, **{f.name: getattr(self, f.name)[rows] for f in fields(self)})


def draw_invoices(portfolio: SimulatedPortfolio, rng: np.random.Generator) -> Invoices:
    """Draw all invoices up to the end of the period."""
    companies, habits, time = portfolio.companies, portfolio.habits, portfolio.time
    counts = _counts(portfolio, rng)
    customer = np.repeat(np.arange(companies.count), counts.sum(axis=1))
    month = np.repeat(np.tile(np.arange(time.months), companies.count), counts.ravel())
    first, length = time.first_day(month), time.first_day(month + 1) - time.first_day(month)
    issued = portfolio.calendar.working_day_in_month(
        first + np.floor(rng.random(len(month)) * length).astype(np.int64)
    )
    trend = np.exp(0.15 * np.tanh(portfolio.health_at(customer, month)))
    amounts = (
        habits.amount_eur[customer] * trend * np.exp(rng.normal(0, 1, len(month)) * habits.spread[customer])
    )
    cents = np.maximum(np.round(amounts * 100), 1_000).astype(np.int64)
    order = np.lexsort((issued, customer))
    due = due_days(issued, companies.terms_days[customer], companies.month_end[customer], time)
    invoices = Invoices(customer[order], issued[order], due[order], cents[order])
    nth = np.arange(invoices.count) - np.searchsorted(invoices.customer, invoices.customer)
    return invoices.only((nth < habits.at_most[invoices.customer]) & (invoices.issued <= time.until))


def due_days(issued: Ints, terms: Ints, month_end: Flags, time: Timeline) -> Ints:
    """Return due days: issue + terms, extended to the month's end where the terms say so.

    "45 days end of month" is read as 45 days, then the end of that month (art. L441-10 C. com.).
    """
    plain = issued + terms
    ends = time.first_day(time.month_of(plain) + 1) - 1
    return np.where(month_end, ends, plain)


def _counts(portfolio: SimulatedPortfolio, rng: np.random.Generator) -> Ints:
    """Return the number of invoices of each customer and month, shape (n_customers, n_months).

    Purchases are more regular than random: an invoice occurs whenever the cumulative volume passes an
    integer.
    """
    companies, habits, time = portfolio.companies, portfolio.habits, portfolio.time
    months = np.arange(time.months)
    columns = time.column(months)
    volume = habits.rate[:, None] * SEASON[time.month_of_year(months)][None, :]
    volume = volume * np.exp(VOLUME_OF_HEALTH * np.tanh(portfolio.health.total[:, columns]))
    volume = volume * np.where(portfolio.distress.age[:, columns] > 0, VOLUME_IN_DISTRESS, 1.0)
    volume = volume * np.exp(rng.normal(0, 0.3, volume.shape))
    buys = (months >= companies.entry[:, None]) & (months < habits.leaves[:, None])
    passed: Floats = np.cumsum(volume * buys, axis=1) + rng.random(companies.count)[:, None]
    whole = np.floor(passed).astype(np.int64)
    counts = np.diff(whole, axis=1, prepend=np.zeros((companies.count, 1), dtype=np.int64))
    enters = months == companies.entry[:, None]
    return np.asarray(np.where(enters, np.maximum(counts, 1), counts))
