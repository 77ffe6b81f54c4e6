"""Receipts expected of invoices to come, for customers that are invoiced regularly.

A customer is regular if it was invoiced in at least `LEAST_WEEKS` of the last `PAST_WEEKS` weeks, and again
since half of them. Its sales to come are the mean of these weeks; they are paid as its past invoices were: by
the weekly hazard of payment since issue, in which open invoices count as unpaid so far, drawn to that of all
customers. New customers and growth are no part of it.

Owns the hazards, whose counts add up over parts of a ledger, and the receipts; they are kept apart from those
of open invoices.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.portfolio.payment_weeks import WEEKS

if TYPE_CHECKING:
    from models.arrays import Floats
    from models.features.book import Book

PAST_WEEKS, LEAST_WEEKS = 26, 6
LAGS = WEEKS
"""Weeks from issue to payment that are told apart; one paid later brings nothing yet."""
PRIOR_INVOICES = 5.0
"""Weight of all customers' hazards in a customer's own, in invoices; assumed."""
HISTORY_DAYS = 365


@dataclass(frozen=True, slots=True, eq=False)
class LagCounts:
    """Invoices paid in each week since their issue, and those that were still unpaid, shape `(LAGS,)`."""

    paid: Floats
    unpaid: Floats

    def __add__(self, other: LagCounts) -> LagCounts:
        return LagCounts(self.paid + other.paid, self.unpaid + other.unpaid)

    @classmethod
    def of(cls, book: Book, as_of: int) -> LagCounts:
        """Count the invoices of a book as known at the end of a day."""
        paid, unpaid = _by_customer(book, as_of)
        return cls(paid.sum(axis=0), unpaid.sum(axis=0))

    @property
    def hazards(self) -> Floats:
        """Share of unpaid invoices paid in each week since issue, shape `(LAGS,)`."""
        return self.paid / np.maximum(self.unpaid, 1.0)


def recurring_receipts(book: Book, as_of: int, lags: LagCounts) -> Floats:
    """Return what each customer is expected to pay of invoices to come by week, in cents, `(n, WEEKS)`.

    Parameters
    ----------
    lags
        Of the whole ledger, as of the same day.
    """
    weekly = _weekly_sales(book, as_of)
    paid, unpaid = _by_customer(book, as_of)
    hazards = (paid + PRIOR_INVOICES * lags.hazards) / (unpaid + PRIOR_INVOICES)
    surviving = np.cumprod(1.0 - hazards, axis=1)
    shares = -np.diff(surviving, axis=1, prepend=1.0)
    # An invoice of week u is paid in week w with the share of w - u: a constant stream cumulates the shares.
    found: Floats = weekly[:, None] * np.cumsum(shares, axis=1)
    return found


def _weekly_sales(book: Book, as_of: int) -> Floats:
    """Return the mean weekly amount invoiced to each regular customer, 0 to others, in cents, `(n,)`."""
    count = len(book.customer_ids)
    week = (as_of - book.issued) // 7
    recent = (book.owner >= 0) & (book.issued <= as_of) & (week < PAST_WEEKS)
    sums, some = np.zeros(count), np.zeros((count, PAST_WEEKS), dtype=bool)
    np.add.at(sums, book.owner[recent], book.amount[recent])
    invoiced = recent & book.is_invoice
    some[book.owner[invoiced], week[invoiced]] = True
    regular = (some.sum(axis=1) >= LEAST_WEEKS) & some[:, : PAST_WEEKS // 2].any(axis=1)
    return np.where(regular, np.maximum(sums, 0.0) / PAST_WEEKS, 0.0)


def _by_customer(book: Book, as_of: int) -> tuple[Floats, Floats]:
    """Return invoices paid, and those unpaid before, by customer and week since issue, `(n, LAGS)` each.

    A week counts for an invoice once it has run out, paid or not: early payments are not known sooner.
    """
    known = book.is_invoice & (book.owner >= 0) & (book.issued <= as_of)
    known &= book.issued > as_of - HISTORY_DAYS
    owner, issued, settled = book.owner[known], book.issued[known], book.settled[known]
    ended = (as_of - issued) // 7
    lag = np.where(settled <= as_of, np.maximum(settled - issued - 1, 0) // 7, LAGS)
    paid, unpaid = np.zeros((len(book.customer_ids), LAGS)), np.zeros((len(book.customer_ids), LAGS))
    for week in range(LAGS):
        told = (ended > week) & (lag >= week)
        np.add.at(unpaid[:, week], owner[told], 1.0)
        np.add.at(paid[:, week], owner[told & (lag == week)], 1.0)
    return paid, unpaid
