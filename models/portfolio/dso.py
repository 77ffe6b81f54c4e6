"""Days sales outstanding by three methods: annualised, count-back and best possible.

Owns the formulas, as used in the trade (Credit Research Foundation, "Standard formulas", 2006; AFDCC's
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
    """Sales invoiced in all or part of a calendar month, incl. VAT, with its number of days."""

    first_day: dt.date
    days: int
    sales_eur: float


@dataclass(frozen=True, slots=True)
class Dso:
    """Days sales outstanding; None without sales.

    Parameters
    ----------
    annualised_days
        Receivables over yearly sales, times 365.
    count_back_days
        Number of days whose latest sales make up the receivables; None where all known sales do not.
    best_possible_days
        The annualised figure if nothing were past due.
    average_days_delinquent
        Effect of lateness: annualised less best possible.
    """

    annualised_days: float | None
    count_back_days: float | None
    best_possible_days: float | None
    average_days_delinquent: float | None

    def document(self) -> dict[str, float | None]:
        """Return the figures as plain JSON values."""
        return asdict(self)


def dso(receivables_eur: float, not_due_eur: float, months: Sequence[MonthSales]) -> Dso:
    """Compute all three figures.

    Parameters
    ----------
    receivables_eur
        Exposure of all customers, from 0.
    not_due_eur
        The part of it that is not past due.
    months
        Sales by month, latest first; the annualised figures use all of them.

    Raises
    ------
    CreditError
        A receivable is negative or not finite, or the part not due exceeds the whole.
    """
    _check(receivables_eur, not_due_eur)
    annualised = annualised_dso(receivables_eur, months)
    best = annualised_dso(not_due_eur, months)
    late = None if annualised is None or best is None else annualised - best
    return Dso(annualised, count_back_dso(receivables_eur, months), best, late)


def annualised_dso(receivables_eur: float, months: Sequence[MonthSales]) -> float | None:
    """Return receivables / sales x days over the given months; None without sales.

    Examples
    --------
    >>> import datetime as dt
    >>> annualised_dso(100_000, [MonthSales(dt.date(2026, 1, 1), 365, 730_000)])
    50.0
    """
    sales, days = sum(month.sales_eur for month in months), sum(month.days for month in months)
    return receivables_eur * days / sales if sales > 0 and days > 0 else None


def count_back_dso(receivables_eur: float, months: Sequence[MonthSales]) -> float | None:
    """Return the number of days of the latest sales that make up the receivables.

    Months are deducted whole, latest first; the last month counts by the share of its sales that remains to
    be deducted. A month whose credit notes exceed its sales deducts nothing.

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
    """Return the first day and the number of days of past months, latest first.

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
