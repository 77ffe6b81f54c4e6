"""Exposure and overdue amounts at past month ends, from invoices and payments alone.

Owns the sums, in whole cents, so that the parts of a portfolio add up in any order, and the rule that says
which months a ledger reaches. Each month end counts what was known on that day.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from models.features.movements import open_stream
from models.features.running import NEVER
from models.portfolio.dso import MonthSales, dso, months_back

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from models.arrays import Ints
    from models.features.book import Book
    from models.features.running import Stream

PAST_MONTHS = 11
"""With the month of the night itself, a year."""
SALES_MONTHS = 12
"""Months of sales that a DSO is measured against."""
EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class PastBalances:
    """Balances of customers at past month ends, the latest first; amounts in cents.

    Parameters
    ----------
    first_issued
        Day of the first document, in days since 1970-01-01, `NEVER` without any.
    payments
        Number of payments.
    exposure_cents
        What is owed; one customer's credit does not lower another's debt.
    overdue_cents
        Open amounts past due.
    overdue_net_cents
        The same less each customer's money on account.
    """

    first_issued: int
    payments: int
    exposure_cents: tuple[int, ...]
    overdue_cents: tuple[int, ...]
    overdue_net_cents: tuple[int, ...]

    @classmethod
    def of(cls, book: Book, as_of: dt.date, opened: Stream | None = None) -> PastBalances:
        """Sum the balances of a book at the last `PAST_MONTHS` month ends before a day.

        Parameters
        ----------
        opened
            The book's `models.features.movements.open_stream`, where it is already there.
        """
        movements = open_stream(book) if opened is None else opened
        found = [_balance(book, movements, (end - EPOCH).days) for end in month_ends(as_of)]
        exposure, overdue, net = (tuple(column) for column in zip(*found, strict=True))
        first = int(book.issued.min()) if len(book.issued) else NEVER
        return cls(first, len(book.pay_day), exposure, overdue, net)

    @classmethod
    def summed(cls, parts: Sequence[PastBalances]) -> PastBalances:
        """Add up the balances of disjoint sets of customers."""
        columns = (
            [part.exposure_cents for part in parts],
            [part.overdue_cents for part in parts],
            [part.overdue_net_cents for part in parts],
        )
        sums = (tuple(map(sum, zip(*column, strict=True))) for column in columns)
        first, payments = min(part.first_issued for part in parts), sum(part.payments for part in parts)
        return cls(first, payments, *sums)

    def documents(self, as_of: dt.date, sales: Sequence[MonthSales]) -> list[dict[str, Any]]:
        """Return the month ends that the ledger reaches as plain JSON values, the oldest first.

        A month is left out where the ledger begins after the first day of the sales that it is measured
        against, or has no payment at all: older sales or settled debts would be missing.

        Parameters
        ----------
        as_of
            The day that the balances were summed for.
        sales
            Sales of the last `PAST_MONTHS + SALES_MONTHS` months before that day, the latest first.
        """
        found = []
        for place, end in enumerate(month_ends(as_of)):
            year = sales[place + 1 : place + 1 + SALES_MONTHS]
            if not self.payments or self.first_issued > (year[-1].first_day - EPOCH).days:
                continue
            exposure, overdue_net = self.exposure_cents[place], self.overdue_net_cents[place]
            found.append(
                {
                    "as_of": end.isoformat(),
                    "exposure_eur": exposure / 100,
                    "overdue_eur": self.overdue_cents[place] / 100,
                    "overdue_net_eur": overdue_net / 100,
                    "dso": dso(exposure / 100, (exposure - overdue_net) / 100, year).document(),
                }
            )
        return found[::-1]


def month_ends(as_of: dt.date) -> list[dt.date]:
    """Return the last days of the `PAST_MONTHS` months before a day's own, the latest first.

    Examples
    --------
    >>> month_ends(dt.date(2026, 9, 30))[:2]
    [datetime.date(2026, 8, 31), datetime.date(2026, 7, 31)]
    """
    return [first - dt.timedelta(days=1) for first, _ in months_back(as_of, PAST_MONTHS)]


def _balance(book: Book, movements: Stream, day: int) -> tuple[int, int, int]:
    """Return exposure, overdue amount and overdue amount less money on account at the end of a day."""
    count = len(book.customer_ids)
    everybody = np.arange(count, dtype=np.int64)
    last = movements.upto(everybody, np.full(count, day, dtype=np.int64))
    owed = movements.total("amount", movements.start(everybody), last)
    is_open, left = book.open_on(day), book.left_on(day)
    late = is_open & (book.due < day)
    overdue = _by_owner(book, late, left, count)
    on_account = owed - _by_owner(book, is_open, left, count)
    net = np.maximum(overdue + np.minimum(on_account, 0), 0)
    return int(np.maximum(owed, 0).sum()), int(overdue.sum()), int(net.sum())


def _by_owner(book: Book, which: NDArray[np.bool_], left: Ints, count: int) -> Ints:
    sums = np.zeros(count, dtype=np.int64)
    np.add.at(sums, book.owner[which], left[which])
    return sums
