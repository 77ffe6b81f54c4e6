"""Days of sales outstanding, in three readings: annualised, count-back and best-possible.

Owns the formulas, as the trade uses them (Credit Research Foundation, "Standard formulas", 2006; AFDCC's
glossary calls the second one *méthode par épuisement*). Sales include VAT, as receivables do.
"""

from __future__ import annotations

import calendar
import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from models.errors import CreditError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class MonthSales:
    """What was invoiced in a stretch of a calendar month, incl. VAT: `days` of it count."""

    first_day: dt.date
    days: int
    sales_eur: float


@dataclass(frozen=True, slots=True)
class Dso:
    """Days of sales outstanding; None where there are no sales to measure against.

    Parameters
    ----------
    annualised_days
        Receivables over the sales of a year, times 365.
    count_back_days
        For how many days back the latest sales make up the receivables; None where all sales known do not.
    best_possible_days
        The annualised figure if nothing were past due.
    average_days_delinquent
        What lateness adds: the annualised less the best possible.
    """

    annualised_days: float | None
    count_back_days: float | None
    best_possible_days: float | None
    average_days_delinquent: float | None

    def document(self) -> dict[str, float | None]:
        """Return the figures as plain JSON values."""
        return asdict(self)


def dso(receivables_eur: float, not_due_eur: float, months: Sequence[MonthSales]) -> Dso:
    """Measure all three.

    Parameters
    ----------
    receivables_eur
        What customers owe, from 0.
    not_due_eur
        Of that, what is not past due.
    months
        Sales by month, the latest first; the annualised figures use all of them.

    Raises
    ------
    CreditError
        A receivable is negative or not finite, or more is not due than is owed.
    """
    _check(receivables_eur, not_due_eur)
    annualised = annualised_dso(receivables_eur, months)
    best = annualised_dso(not_due_eur, months)
    late = None if annualised is None or best is None else annualised - best
    return Dso(annualised, count_back_dso(receivables_eur, months), best, late)


def annualised_dso(receivables_eur: float, months: Sequence[MonthSales]) -> float | None:
    """Return receivables / sales x days over the months given; None without sales.

    Examples
    --------
    >>> import datetime as dt
    >>> annualised_dso(100_000, [MonthSales(dt.date(2026, 1, 1), 365, 730_000)])
    50.0
    """
    sales, days = sum(month.sales_eur for month in months), sum(month.days for month in months)
    return receivables_eur * days / sales if sales > 0 and days > 0 else None


def count_back_dso(receivables_eur: float, months: Sequence[MonthSales]) -> float | None:
    """Return how many days of the latest sales make the receivables up.

    Months are taken off whole, the latest first; of the month where the rest runs out counts the share that
    the rest is of its sales. A month whose credit notes exceed its sales takes nothing off.

    Examples
    --------
    Receivables of 100 000 are the 60 000 of November and half of October's 80 000: 30 + 31 / 2 days.

    >>> import datetime as dt
    >>> sales = [MonthSales(dt.date(2026, 11, 1), 30, 60_000), MonthSales(dt.date(2026, 10, 1), 31, 80_000)]
    >>> count_back_dso(100_000, sales)
    45.5
    """
    left, days = receivables_eur, 0.0
    for month in months:
        if left <= 0:
            return days
        if month.sales_eur >= left:
            return days + month.days * left / month.sales_eur
        left -= max(month.sales_eur, 0.0)
        days += month.days
    return days if left <= 0 else None


def months_back(as_of: dt.date, count: int) -> list[tuple[dt.date, int]]:
    """Return the first day of months and how many of their days count, the latest first.

    Of the month of `as_of` only the days up to it count.

    Examples
    --------
    >>> import datetime as dt
    >>> months_back(dt.date(2026, 3, 10), 2)
    [(datetime.date(2026, 3, 1), 10), (datetime.date(2026, 2, 1), 28)]
    """
    first, found = as_of.replace(day=1), [(as_of.replace(day=1), as_of.day)]
    while len(found) < count:
        year, month = (first.year, first.month - 1) if first.month > 1 else (first.year - 1, 12)
        first = first.replace(year=year, month=month)
        found.append((first, calendar.monthrange(year, month)[1]))
    return found[:count]


def _check(receivables_eur: float, not_due_eur: float) -> None:
    if not (math.isfinite(receivables_eur) and 0 <= not_due_eur <= receivables_eur):
        raise CreditError(
            f"receivables are {receivables_eur!r} and not due are {not_due_eur!r}; give finite euros from 0, "
            "with no more not due than is owed"
        )
