"""Payment lines of invoices: in full, split, after a deposit, with a credit note.

Owns the amounts of lines and credit notes; the days come from `lateness`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pipelines.demo.simulator.business_days import Calendar
    from pipelines.demo.simulator.habits import Habits
    from pipelines.demo.simulator.invoicing import Invoices
    from pipelines.demo.simulator.lateness import Lateness
    from pipelines.demo.simulator.portfolio import SimulatedPortfolio
    from pipelines.demo.simulator.timeline import Ints

WHOLE, CREDITED, DEPOSIT, SPLIT = 0, 1, 2, 3
ON_ACCOUNT = -1


@dataclass(frozen=True, slots=True)
class CreditNotes:
    """Credit notes; arrays of shape (n_credit_notes,).

    Parameters
    ----------
    invoice
        Row of the corrected invoice.
    issued
        Day of issue, as a day number.
    cents
        Amount incl. VAT, positive, at most that of the invoice.
    """

    invoice: Ints
    issued: Ints
    cents: Ints


@dataclass(frozen=True, slots=True)
class Lines:
    """Payment lines; arrays of shape (n_lines,).

    Parameters
    ----------
    document
        Row of the invoice; n_invoices + row for a credit note; `ON_ACCOUNT` for money on account.
    customer
        Index of the customer.
    paid
        Day number.
    cents
        Positive when received.
    """

    document: Ints
    customer: Ints
    paid: Ints
    cents: Ints


def settle(
    portfolio: SimulatedPortfolio,
    invoices: Invoices,
    lateness: Lateness,
    last_day: Ints,
    rng: np.random.Generator,
) -> tuple[CreditNotes, Lines]:
    """Draw the credit notes and all payment lines, including those after the end of the period.

    Parameters
    ----------
    last_day
        The day of the default in which each invoice stays unpaid; part payments only occur before it.
    """
    calendar = portfolio.calendar
    role = _roles(invoices, portfolio.habits, rng)
    notes = _credit_notes(invoices, role, rng)
    early = [
        _use_credit(notes, invoices, lateness, calendar, rng),
        _deposits(invoices, role, calendar, rng),
        _instalments(invoices, lateness, role, calendar, rng),
        _last_gasps(invoices, lateness, last_day, role, calendar, rng),
    ]
    left = invoices.cents.copy()
    for lines in early:
        own = (lines.document >= 0) & (lines.document < invoices.count)
        np.subtract.at(left, lines.document[own], lines.cents[own])
    row = np.flatnonzero(~lateness.never & (left > 0))
    last = Lines(row, invoices.customer[row], lateness.paid[row], left[row])
    return notes, _together([*early, last])


def _together(parts: list[Lines]) -> Lines:
    return Lines(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Lines)))


def _use_credit(
    notes: CreditNotes,
    invoices: Invoices,
    lateness: Lateness,
    calendar: Calendar,
    rng: np.random.Generator,
) -> Lines:
    """Apply each credit note at its invoice's last payment, or refund it if issued later."""
    row, number = notes.invoice, invoices.count + np.arange(len(notes.invoice))
    paid = lateness.paid[row]
    used = ~lateness.never[row] & (notes.issued <= paid)
    refunded = ~lateness.never[row] & ~used
    refund = calendar.working_day(notes.issued + rng.integers(10, 50, len(row)))
    who = invoices.customer[row]
    return _together(
        [
            Lines(number[used], who[used], paid[used], -notes.cents[used]),
            Lines(row[used], who[used], paid[used], notes.cents[used]),
            Lines(number[refunded], who[refunded], refund[refunded], -notes.cents[refunded]),
        ]
    )


def _deposits(invoices: Invoices, role: Ints, calendar: Calendar, rng: np.random.Generator) -> Lines:
    """Receive money on account before the issue, and transfer it to the invoice on the day of issue."""
    row = np.flatnonzero(role == DEPOSIT)
    who, issued = invoices.customer[row], invoices.issued[row]
    cents = np.round(invoices.cents[row] * rng.choice([0.2, 0.3, 0.4], len(row))).astype(np.int64)
    ahead = calendar.working_day(issued - rng.integers(8, 45, len(row)))
    on_account = np.full(len(row), ON_ACCOUNT)
    received = Lines(on_account, who, np.minimum(ahead, issued), cents)
    return _together([received, Lines(on_account, who, issued, -cents), Lines(row, who, issued, cents)])


def _roles(invoices: Invoices, habits: Habits, rng: np.random.Generator) -> Ints:
    u, who = rng.random(invoices.count), invoices.customer
    credited = habits.credited[who]
    deposit = credited + habits.deposits[who] * (invoices.cents > 50_000)
    split = deposit + habits.splits[who]
    return np.select([u < credited, u < deposit, u < split], [CREDITED, DEPOSIT, SPLIT], WHOLE)


def _credit_notes(invoices: Invoices, role: Ints, rng: np.random.Generator) -> CreditNotes:
    row = np.flatnonzero(role == CREDITED)
    share = np.where(rng.random(len(row)) < 0.12, 1.0, rng.uniform(0.03, 0.4, len(row)))
    issued = invoices.issued[row] + rng.integers(2, 25, len(row))
    return CreditNotes(row, issued, np.maximum(np.round(invoices.cents[row] * share), 1).astype(np.int64))


def _instalments(
    invoices: Invoices, lateness: Lateness, role: Ints, calendar: Calendar, rng: np.random.Generator
) -> Lines:
    """Pay one or two parts of some invoices before the last payment, more often of late ones."""
    late = lateness.paid - invoices.due > 20
    split = (role == SPLIT) | (late & (role == WHOLE) & (rng.random(invoices.count) < 0.12))
    row = np.flatnonzero(split & ~lateness.never)
    paid = lateness.paid[row]
    start = np.maximum(invoices.issued[row] + 3, np.minimum(invoices.due[row], paid - 8))
    twice = rng.random(len(row)) < 0.3
    parts = []
    for nth, chosen in ((0, np.ones(len(row), dtype=np.bool_)), (1, twice)):
        share = rng.random(len(row)) * 0.45 + 0.5 * nth
        day = calendar.working_day(start + np.floor(np.maximum(paid - start, 0) * share).astype(np.int64))
        cents = np.floor(invoices.cents[row] * rng.uniform(0.15, 0.45, len(row))).astype(np.int64)
        fits = chosen & (day < paid)
        parts.append(Lines(row[fits], invoices.customer[row[fits]], day[fits], cents[fits]))
    return _together(parts)


def _last_gasps(
    invoices: Invoices,
    lateness: Lateness,
    last_day: Ints,
    role: Ints,
    calendar: Calendar,
    rng: np.random.Generator,
) -> Lines:
    """Pay parts of some invoices that are never paid in full, before the default."""
    day = invoices.due + rng.integers(0, 50, invoices.count)
    some = lateness.never & (role == WHOLE) & (day + 5 < last_day)
    row = np.flatnonzero(some & (rng.random(invoices.count) < 0.14))
    cents = np.floor(invoices.cents[row] * rng.uniform(0.05, 0.4, len(row))).astype(np.int64)
    return Lines(row, invoices.customer[row], calendar.working_day(day[row]), cents)
