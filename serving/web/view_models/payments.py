"""How late a customer paid, month by month, from the invoices that it paid."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from serving.web.charts.timeline import PaidMonth

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from serving.store.dossiers import PaidInvoice

MOST_MONTHS = 18


def months(paid: Iterable[PaidInvoice], most: int = MOST_MONTHS) -> tuple[PaidMonth, ...]:
    """Return the last months in which paid invoices fell due, the oldest first.

    Examples
    --------
    >>> import datetime as dt
    >>> from serving.store.dossiers import PaidInvoice
    >>> due, on = dt.date(2026, 3, 1), dt.date(2026, 3, 11)
    >>> found = months([PaidInvoice("F1", due, on, 10, 300.0), PaidInvoice("F2", due, due, -2, 100.0)])
    >>> [(month.invoices, month.days_late, month.most_days_late) for month in found]
    [(2, 7.0, 10)]
    """
    theirs: defaultdict[dt.date, list[PaidInvoice]] = defaultdict(list)
    for one in paid:
        theirs[one.due_on.replace(day=1)].append(one)
    return tuple(_month(first, theirs[first]) for first in sorted(theirs)[-most:])


def _month(first: dt.date, paid: list[PaidInvoice]) -> PaidMonth:
    """Take the mean by amount, or the plain one where nothing was to pay."""
    weights = [max(one.amount_eur, 0.0) for one in paid]
    if not sum(weights):
        weights = [1.0] * len(paid)
    mean = sum(one.days_late * weight for one, weight in zip(paid, weights, strict=True)) / sum(weights)
    return PaidMonth(first, len(paid), mean, max(one.days_late for one in paid))
