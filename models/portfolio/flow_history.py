"""Flow rates of a ledger: month by month, what entered a band of days past due and what of it went on.

Owns the measurement, on what was known at the end of a day. An invoice enters a band on a day that its due
date sets, so that each month counts the invoices that leave a band in it, paid or not. What is settled on the
day of its customer's write-off is lost, not paid: bookkeeping closes it with a credit.

Only sound claims enter: those on a customer in default are doubtful, and provided for one by one.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.features.book import TOLERANCE_CENTS, TOLERANCE_SHARE
from models.features.running import NEVER
from models.law.legal_terms import months_later
from models.portfolio.aging import BANDS
from models.portfolio.dso import months_back
from models.portfolio.provision_matrix import NO_FLOW, Flow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from models.arrays import Ints
    from models.features.book import Book
    from models.features.default_events import DefaultEvents

EPOCH = dt.date(1970, 1, 1)
FIRST_DAYS = (1, 31, 61, 91)
"""Days past due on which an invoice enters each band but the first."""


@dataclass(frozen=True, slots=True)
class FlowHistory:
    """Flows by segment, month and band.

    Parameters
    ----------
    months
        First days of the months, the latest first.
    flows
        By segment, one row per month with one flow per band.
    first_due
        Due date of the first invoice; None without any.
    """

    months: tuple[dt.date, ...]
    flows: Mapping[str, tuple[tuple[Flow, ...], ...]]
    first_due: dt.date | None

    @classmethod
    def summed(cls, parts: Sequence[FlowHistory]) -> FlowHistory:
        """Add up the histories of disjoint sets of customers, of the same months."""
        names = sorted({name for part in parts for name in part.flows})
        flows = {name: _added([part.flows[name] for part in parts if name in part.flows]) for name in names}
        firsts = [part.first_due for part in parts if part.first_due is not None]
        return cls(parts[0].months, flows, min(firsts, default=None))

    def totals(self) -> dict[str, tuple[Flow, ...]]:
        """Return the flows of each segment over all months, one per band."""
        return {name: _over_months(rows) for name, rows in self.flows.items()}

    def monthly(self) -> list[tuple[dt.date, tuple[Flow, ...]]]:
        """Return the flows of all segments by month, the latest first, one per band."""
        rows = _added(list(self.flows.values())) if self.flows else ()
        return list(zip(self.months, rows, strict=False))

    def known_from(self, lost_after_days: int) -> dt.date | None:
        """Return the first day on which the outcome of a year's invoices is known; None without any."""
        if self.first_due is None:
            return None
        return months_later(self.first_due, 12) + dt.timedelta(days=lost_after_days)


def flow_history(
    book: Book,
    events: DefaultEvents,
    segment_of: Sequence[str],
    as_of: dt.date,
    months: int,
    lost_after_days: int,
) -> FlowHistory:
    """Measure the flows of a book's invoices in the months up to a day.

    Parameters
    ----------
    events
        Defaults of the book's customers.
    segment_of
        Segment of each customer.
    months
        Number of months, of which the first is that of `as_of`.
    lost_after_days
        Days past due from which an open amount counts as lost.
    """
    back = months_back(as_of, months)
    today = (as_of - EPOCH).days
    begins = np.array([(first - EPOCH).days for first, _ in back][::-1], dtype=np.int64)
    which = np.flatnonzero(book.is_invoice & (book.owner >= 0) & (book.issued <= today))
    entries = [book.issued, *(book.due + days for days in FIRST_DAYS), book.due + lost_after_days]
    left = [_left(book, events.final, entry - 1) for entry in entries[1:]]
    in_default = [events.in_default(book.owner[which], entry[which]) for entry in entries]
    entered = [book.amount, *left[:-1]]
    names, code = np.unique(np.array([*segment_of, ""], dtype=object), return_inverse=True)
    segment = code[:-1][book.owner[which]] if len(which) else np.zeros(0, np.int64)
    sums = np.zeros((len(names), months, len(BANDS), 4), dtype=np.int64)
    for band, (before, after) in enumerate(zip(entered, left, strict=True)):
        outcome = entries[band + 1][which]
        seen = (outcome <= today) & (outcome >= begins[0]) & (before[which] > 0) & ~in_default[band]
        month = months - np.searchsorted(begins, outcome[seen], side="right")
        at, kept = (segment[seen], month, band), which[seen]
        np.add.at(sums[..., 0], at, before[kept])
        goes_on = np.minimum(after[kept], before[kept])
        # After the last band an amount that is still open is lost, whoever owes it.
        impaired = in_default[band + 1][seen] & (band < len(BANDS) - 1)
        np.add.at(sums[..., 1], at, np.where(impaired, 0, goes_on))
        np.add.at(sums[..., 2], at, 1)
        np.add.at(sums[..., 3], at, np.where(impaired, goes_on, 0))
    flows = {
        str(name): _rows(sums[place])
        for place, name in enumerate(names)
        if sums[place].any() or len(names) == 1
    }
    first = EPOCH + dt.timedelta(days=int(book.due[which].min())) if len(which) else None
    return FlowHistory(tuple(day for day, _ in back), flows, first)


def _left(book: Book, written_off: Ints, day: Ints) -> Ints:
    """Return the open amount of each document at the end of a day of its own, in cents, from 0.

    A settled invoice has none, even where the tolerance left a few cents.
    """
    left = np.where(book.is_invoice, book.amount, 0)
    known = np.flatnonzero(book.pay_document >= 0)
    document = book.pay_document[known]
    owner = book.owner[document]
    gone = np.where(owner >= 0, written_off[owner], NEVER) if len(written_off) else np.full(len(owner), NEVER)
    counts = (book.pay_day[known] <= day[document]) & (book.pay_day[known] != gone)
    np.subtract.at(left, document[counts], book.pay_applied[known][counts])
    slack = np.minimum(TOLERANCE_CENTS, (np.abs(book.amount) * TOLERANCE_SHARE).astype(np.int64))
    open_: NDArray[np.int64] = np.where(left <= slack, 0, left)
    return open_


def _rows(sums: NDArray[np.int64]) -> tuple[tuple[Flow, ...], ...]:
    return tuple(tuple(Flow(*map(int, cell)) for cell in month) for month in sums)


def _over_months(rows: Sequence[Sequence[Flow]]) -> tuple[Flow, ...]:
    return tuple(sum((row[band] for row in rows), NO_FLOW) for band in range(len(BANDS)))


def _added(histories: Sequence[Sequence[Sequence[Flow]]]) -> tuple[tuple[Flow, ...], ...]:
    return tuple(_over_months(rows) for rows in zip(*histories, strict=True))
