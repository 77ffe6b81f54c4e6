"""A customer quarter by quarter: how it paid what fell due, and what the last night of the quarter said.

Owns the grouping. Payments come from the ledger, so that the first night already shows quarters before it.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from serving.store import InvoiceRow
    from serving.store.dossiers import PaidInvoice
    from serving.store.published_rows import HistoryPoint
    from serving.web.words import Words

MOST_QUARTERS = 8


@dataclass(frozen=True, slots=True)
class QuarterRow:
    """One quarter.

    Parameters
    ----------
    name, last
        Such as T3 2026, and its last day.
    invoices
        Those that fell due in it and are paid, or open and overdue.
    late_share, days_late
        The share of them paid late, or still open, and their mean days late, weighted by amount; an open one
        counts the days so far. None without any.
    night
        The last night of the quarter; None before the first.
    """

    name: str
    last: dt.date
    invoices: int
    late_share: float | None
    days_late: float | None
    night: HistoryPoint | None


def quarters(
    paid: Sequence[PaidInvoice],
    overdue: Sequence[tuple[InvoiceRow, int]],
    nights: Sequence[HistoryPoint],
    w: Words,
    most: int = MOST_QUARTERS,
) -> tuple[QuarterRow, ...]:
    """Return the latest quarters of which anything is known, the latest first.

    Parameters
    ----------
    overdue
        Open invoices past their due date, with their days past due.
    nights
        The oldest first.
    """
    due: defaultdict[dt.date, list[tuple[int, float]]] = defaultdict(list)
    for one in paid:
        due[_first_day(one.due_on)].append((one.days_late, one.amount_eur))
    for row, days in overdue:
        due[_first_day(row.due_on)].append((days, row.open_eur))
    last = {_first_day(night.as_of): night for night in nights}
    known = sorted({*due, *last}, reverse=True)[:most]
    return tuple(_row(first, due[first], last.get(first), w) for first in known)


def _row(
    first: dt.date, due: Sequence[tuple[int, float]], night: HistoryPoint | None, w: Words
) -> QuarterRow:
    name = w("past.quarter_name", quarter=(first.month + 2) // 3, year=first.year)
    last = _first_day(first + dt.timedelta(days=100)) - dt.timedelta(days=1)
    if not due:
        return QuarterRow(name, last, 0, None, None, night)
    weights = [max(amount, 0.0) for _, amount in due]
    if not sum(weights):
        weights = [1.0] * len(due)
    mean = sum(days * weight for (days, _), weight in zip(due, weights, strict=True)) / sum(weights)
    return QuarterRow(name, last, len(due), sum(days > 0 for days, _ in due) / len(due), mean, night)


def _first_day(day: dt.date) -> dt.date:
    return dt.date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
