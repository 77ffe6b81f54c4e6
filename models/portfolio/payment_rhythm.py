"""Rhythm of payment of a portfolio: weekdays, the month's end, and invoices that are long overdue.

Owns the counts, which add up over parts of a ledger, and the rhythm estimated from them as known on a day.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.arrays import Floats, Ints

WINDOW_DAYS = 365
"""Payments of this many days before the day are counted."""
MONTHLY_FROM = 8
"""Days late beyond which the part of the month matters: until then the curve itself knows the weekday."""
MONTH_ENDS = (4, 9, 14, 19, 24)
"""Days to the end of the month, its last day being 0, at which the next part of the month begins."""
TAIL_BOUNDS = (120, 180, 365)
"""Days late from which unpaid invoices have a daily rate of payment of their own."""
TAIL_PRIOR_RATES = (0.004, 0.002, 0.0005)
"""Daily rates assumed without history; each weighs as `TAIL_PRIOR_DAYS` invoice-days. Assumed."""
TAIL_PRIOR_DAYS = 2_000.0
PRIOR_PAYMENTS = 20.0
"""Number of payments, evenly spread over the month, that each part of the month is drawn to; assumed."""
WEEKDAY_PRIOR_PAYMENTS = 5.0
"""Number of payments, evenly spread from Monday to Friday, that the weekdays are drawn to; assumed."""


@dataclass(frozen=True, slots=True, eq=False)
class PaymentRhythm:
    """What the ledger's past says of the day of payment, beyond each invoice's own curve.

    Parameters
    ----------
    weekdays
        Share of payments by weekday from Monday on, shape `(7,)`, summing to 1.
    month_parts
        Rate of payment of late invoices in each part of the month relative to the average, shape `(6,)`.
    tail_rates
        Daily rate of payment of unpaid invoices from each of `TAIL_BOUNDS` days late on.
    """

    weekdays: Floats
    month_parts: Floats
    tail_rates: Floats

    @classmethod
    def assumed(cls) -> PaymentRhythm:
        """Return the rhythm without history: Monday to Friday alike, all parts of a month alike."""
        return RhythmCounts.none().rhythm()


@dataclass(frozen=True, slots=True, eq=False)
class RhythmCounts:
    """Counts that a rhythm is estimated from; those of several parts add up.

    Parameters
    ----------
    weekdays
        Invoices paid by weekday from Monday on, shape `(7,)`.
    late_paid, late_days
        By part of the month, shape `(6,)`: late invoices paid, and days that late invoices were unpaid.
    tail_paid, tail_days
        From each of `TAIL_BOUNDS` on: invoices paid, and days that they were unpaid.
    """

    weekdays: Floats
    late_paid: Floats
    late_days: Floats
    tail_paid: Floats
    tail_days: Floats

    @classmethod
    def none(cls) -> RhythmCounts:
        """Return the counts of no invoice."""
        parts, tails = len(MONTH_ENDS) + 1, len(TAIL_BOUNDS)
        return cls(np.zeros(7), np.zeros(parts), np.zeros(parts), np.zeros(tails), np.zeros(tails))

    @classmethod
    def of(cls, due: Ints, settled: Ints, as_of: int) -> RhythmCounts:
        """Count invoices as known at the end of a day.

        Parameters
        ----------
        due, settled
            Of the invoices issued by then, in days from 1970-01-01; `settled` beyond the day is unpaid.
        """
        since = as_of - WINDOW_DAYS
        paid = (settled <= as_of) & (settled > since)
        late = settled - due
        until = np.minimum(settled, as_of)
        parts = len(MONTH_ENDS) + 1
        monthly = paid & (late > MONTHLY_FROM) & (late <= TAIL_BOUNDS[0])
        begin = np.maximum(due + MONTHLY_FROM, since)
        end = np.maximum(np.minimum(until, due + TAIL_BOUNDS[0]), begin)
        tail_paid, tail_days = np.zeros(len(TAIL_BOUNDS)), np.zeros(len(TAIL_BOUNDS))
        for place, (low, high) in enumerate(zip(TAIL_BOUNDS, (*TAIL_BOUNDS[1:], 10**6), strict=True)):
            exposed = np.minimum(until, due + high) - np.maximum(due + low, since)
            tail_days[place] = np.maximum(exposed, 0).sum()
            tail_paid[place] = (paid & (late > low) & (late <= high)).sum()
        return cls(
            np.bincount((settled[paid] + 3) % 7, minlength=7).astype(np.float64),
            np.bincount(month_part(settled[monthly]), minlength=parts).astype(np.float64),
            _days_by_part(begin, end, since, as_of),
            tail_paid,
            tail_days,
        )

    def __add__(self, other: RhythmCounts) -> RhythmCounts:
        return RhythmCounts(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    def document(self) -> dict[str, list[float]]:
        """Return the counts as plain JSON values."""
        return {one.name: getattr(self, one.name).tolist() for one in fields(self)}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> RhythmCounts:
        """Parse what `document` returned."""
        return cls(*(np.array(document[one.name], np.float64) for one in fields(cls)))

    def rhythm(self) -> PaymentRhythm:
        """Estimate the rhythm, drawn to an even one where little was paid."""
        even = np.array([0.2] * 5 + [0.0] * 2)
        weekdays = self.weekdays + WEEKDAY_PRIOR_PAYMENTS * even
        exposed = self.late_days.sum()
        expected = self.late_days * (self.late_paid.sum() / exposed if exposed else 0.0)
        month_parts = (self.late_paid + PRIOR_PAYMENTS) / (expected + PRIOR_PAYMENTS)
        prior = np.array(TAIL_PRIOR_RATES) * TAIL_PRIOR_DAYS
        tail_rates = (self.tail_paid + prior) / (self.tail_days + TAIL_PRIOR_DAYS)
        return PaymentRhythm(weekdays / weekdays.sum(), month_parts, tail_rates)


def month_part(days: Ints) -> Ints:
    """Return the part of the month of days: 0 for its last `MONTH_ENDS[0]` days, then backwards.

    Examples
    --------
    >>> days = np.array(["2026-01-31", "2026-01-28", "2026-01-27", "2026-01-01"], "datetime64[D]")
    >>> month_part(days.astype(int))
    array([0, 0, 1, 5])
    """
    dates = np.asarray(days).astype("datetime64[D]")
    following = (dates.astype("datetime64[M]") + 1).astype("datetime64[D]")
    left = (following - dates).astype(np.int64) - 1
    found: Ints = np.searchsorted(MONTH_ENDS, left, side="right").astype(np.int64)
    return found


def _days_by_part(begin: Ints, end: Ints, since: int, as_of: int) -> Floats:
    """Return how many days of the intervals (begin, end] fall in each part of the month, shape `(6,)`."""
    days = np.arange(since + 1, as_of + 1)
    inside = np.eye(len(MONTH_ENDS) + 1)[month_part(days)]
    cumulated = np.concatenate((np.zeros((1, inside.shape[1])), np.cumsum(inside, axis=0)))
    some = end > begin
    found: Floats = (cumulated[end[some] - since] - cumulated[begin[some] - since]).sum(axis=0)
    return found
