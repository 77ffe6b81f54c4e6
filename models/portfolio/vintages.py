"""Vintage curves: how fast the invoices of each quarter are paid, and how much of them becomes late.

Owns the sums, in whole cents, so that the parts of a portfolio add up in any order. An age counts from each
invoice's own issue date, and is known once every invoice of the quarter has reached it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from models.features.running import NEVER
from models.portfolio.history import quarter_start

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from models.arrays import Ints
    from models.features.book import Book

QUARTERS: Final = 8
AGES: Final = 12
"""Months after the issue date that a curve reaches."""
LATE_DAYS: Final = 30
EPOCH: Final = dt.date(1970, 1, 1)
_MONTH_DAYS: Final = 365.25 / 12
AGE_DAYS: Final = tuple(round(age * _MONTH_DAYS) for age in range(AGES + 1))


@dataclass(frozen=True, slots=True)
class Vintages:
    """Amounts by quarter of issue, the latest first, and by age in months; in cents.

    Parameters
    ----------
    first_issued
        Day of the first document, in days since 1970-01-01, `NEVER` without any.
    payments
        Number of payments.
    issued_cents
        Amounts of the quarter's invoices.
    unpaid_cents
        By quarter, what was unpaid at each age.
    late_cents
        By quarter, the amounts of invoices that were more than `LATE_DAYS` days late by each age, paid since
        or not.
    """

    first_issued: int
    payments: int
    issued_cents: tuple[int, ...]
    unpaid_cents: tuple[tuple[int, ...], ...]
    late_cents: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, book: Book, as_of: dt.date) -> Vintages:
        """Sum up the invoices of the last `QUARTERS` whole quarters before a day.

        Parameters
        ----------
        book
            Of the entries known on that day.
        """
        starts = np.array([(start - EPOCH).days for start in quarter_starts(as_of)])
        after = (quarter_start(as_of) - EPOCH).days
        quarter = np.searchsorted(-starts, -book.issued)
        known = book.is_invoice & (book.owner >= 0) & (quarter < QUARTERS) & (book.issued < after)
        invoices = np.flatnonzero(known)
        issued = np.bincount(quarter[invoices], book.amount[invoices], minlength=QUARTERS)
        paid = _paid(book, known, quarter)
        passes = book.passes(LATE_DAYS, invoices)
        is_late = book.settled[invoices] >= passes
        late = invoices[is_late]
        by_age = _triangle(quarter[late], passes[is_late] - book.issued[late], book.amount[late])
        first = int(book.issued.min()) if len(book.issued) else NEVER
        whole = issued.astype(np.int64)
        return cls(first, len(book.pay_day), _tuple(whole), _rows(whole[:, None] - paid), _rows(by_age))

    @classmethod
    def summed(cls, parts: Sequence[Vintages]) -> Vintages:
        """Add up the amounts of disjoint sets of customers."""
        triangles = (
            np.sum([getattr(part, name) for part in parts], axis=0) for name in ("unpaid_cents", "late_cents")
        )
        issued = np.sum([part.issued_cents for part in parts], axis=0)
        first, payments = min(part.first_issued for part in parts), sum(part.payments for part in parts)
        return cls(first, payments, _tuple(issued), *map(_rows, triangles))

    def documents(self, as_of: dt.date) -> list[dict[str, Any]]:
        """Return the curves of the quarters that the ledger reaches as plain JSON values, the oldest first.

        A quarter is left out where the ledger begins after its first day, has no payment at all, or has no
        invoice in it. Shares are in [0, 1]; the first one is of the day of issue.

        Parameters
        ----------
        as_of
            The day that the amounts were summed for.
        """
        starts, found = quarter_starts(as_of), []
        ends = (quarter_start(as_of), *starts)
        for place, (start, end) in enumerate(zip(starts, ends, strict=False)):
            issued = self.issued_cents[place]
            if not self.payments or self.first_issued > (start - EPOCH).days or issued <= 0:
                continue
            reached = sum((end - dt.timedelta(days=1) - as_of).days + days <= 0 for days in AGE_DAYS)
            found.append(
                {
                    "quarter": start.isoformat(),
                    "issued_eur": issued / 100,
                    "unpaid_shares": [cents / issued for cents in self.unpaid_cents[place][:reached]],
                    "late_shares": [cents / issued for cents in self.late_cents[place][:reached]],
                }
            )
        return found[::-1]


def quarter_starts(as_of: dt.date) -> list[dt.date]:
    """Return the first days of the `QUARTERS` quarters before a day's own, the latest first.

    Examples
    --------
    >>> [day.isoformat() for day in quarter_starts(dt.date(2026, 9, 30))[:2]]
    ['2026-04-01', '2026-01-01']
    """
    found = [quarter_start(as_of)]
    for _ in range(QUARTERS):
        found.append(quarter_start(found[-1] - dt.timedelta(days=1)))
    return found[1:]


def _paid(book: Book, known: NDArray[np.bool_], quarter: Ints) -> Ints:
    """Return what was paid of the known invoices, by quarter and age."""
    applied = np.flatnonzero(book.pay_document >= 0)
    applied = applied[known[book.pay_document[applied]]]
    document = book.pay_document[applied]
    return _triangle(
        quarter[document], book.pay_day[applied] - book.issued[document], book.pay_applied[applied]
    )


def _triangle(quarter: Ints, delay: Ints, cents: Ints) -> Ints:
    """Sum up cents by quarter and by the ages in months that have reached a delay in days."""
    age = np.searchsorted(AGE_DAYS, delay)
    by_age = np.zeros((QUARTERS, AGES + 2), dtype=np.int64)
    np.add.at(by_age, (quarter, age), cents)
    return by_age.cumsum(axis=1)[:, : AGES + 1]


def _tuple(values: Ints) -> tuple[int, ...]:
    return tuple(int(value) for value in values)


def _rows(values: Ints) -> tuple[tuple[int, ...], ...]:
    return tuple(_tuple(row) for row in values)
