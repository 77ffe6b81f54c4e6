"""The period of a demo, with days and months as integers.

Owns the date arithmetic of the simulator: a day counts from 1970-01-01, a month from the first month of the
period (0 is the first, earlier ones are negative). `business_days` owns working days.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

BURN_MONTHS = 78
AFTER_MONTHS = 8


@dataclass(frozen=True, slots=True)
class Timeline:
    """The months of a demo.

    Parameters
    ----------
    months
        Number of calendar months, at least 1; the last is the month of `until`.
    until
        The last day in the ledger, as a day number.
    first_month
        The first month, in months since 1970-01.

    Hidden paths are arrays of shape (n_customers, n_columns), whose columns are the months from `BURN_MONTHS`
    before the period to `AFTER_MONTHS` after it.
    """

    months: int
    until: int
    first_month: int

    @property
    def start(self) -> int:
        """The first day of the period, as a day number."""
        return int(self.first_day(np.array([0]))[0])

    @property
    def n_columns(self) -> int:
        """Number of months of a hidden path."""
        return BURN_MONTHS + self.months + AFTER_MONTHS

    def month_of(self, days: Ints) -> Ints:
        """Return the month of each day."""
        months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
        return np.asarray(months - self.first_month)

    def first_day(self, months: Ints) -> Ints:
        """Return the first day of each month."""
        firsts = (np.asarray(months) + self.first_month).astype("datetime64[M]").astype("datetime64[D]")
        return np.asarray(firsts.astype(np.int64))

    def month_of_year(self, months: Ints) -> Ints:
        """Return each month's index in its year, 0 for January."""
        return np.asarray((np.asarray(months) + self.first_month) % 12)

    def column(self, months: Ints) -> Ints:
        """Return the column of each month in a hidden path, clipped to the nearest one."""
        return np.asarray(np.clip(np.asarray(months) + BURN_MONTHS, 0, self.n_columns - 1))


def timeline(months: int, until: dt.date) -> Timeline:
    """Build the timeline of the `months` calendar months that end with the month of `until`.

    Examples
    --------
    >>> str(dates(np.array([timeline(12, dt.date(2026, 9, 30)).start]))[0].date())
    '2025-10-01'
    """
    last = (until.year - 1970) * 12 + until.month - 1
    return Timeline(months, day_number(until), last - months + 1)


def day_number(day: dt.date) -> int:
    """Return the number of days from 1970-01-01 to `day`."""
    return (day - dt.date(1970, 1, 1)).days


def dates(days: Ints, known: Flags | None = None) -> pd.DatetimeIndex:
    """Convert day numbers to dates, NaT where `known` is false."""
    stamps = np.asarray(days).astype("datetime64[D]").astype("datetime64[s]")
    if known is not None:
        stamps = np.where(known, stamps, np.datetime64("NaT", "s"))
    return pd.DatetimeIndex(stamps)
