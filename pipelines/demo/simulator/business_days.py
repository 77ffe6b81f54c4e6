"""The French working calendar, and the days of customers' payment runs.

Owns bank holidays, weekends and payment runs; `lateness` draws how late a customer pays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipelines.demo.simulator.timeline import Flags, Ints, day_number

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

DAILY = 0
MONTH_END, TENTH, FORTNIGHT = 6, 7, 8
RUN_KINDS = 9
"""Daily, one weekday each (1 Monday to 5 Friday), month end, the 10th, the 15th and month end."""


def bank_holidays(years: Iterable[int]) -> list[dt.date]:
    """Return the eleven French public holidays of each year (art. L3133-1 C. trav.), in order."""
    import holidays  # noqa: PLC0415  # only the simulator needs it

    return sorted(holidays.country_holidays("FR", years=years))


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working days and payment runs over a range of days.

    Parameters
    ----------
    first
        The first day covered, as a day number.
    following, preceding
        The nearest working day at or after each day, and at or before it; shape (n_days,).
    next_run, last_run
        The nearest payment run at or after each day, and at or before it; shape (2 × `RUN_KINDS`, n_days).
        The second half has no runs during the August closure.
    """

    first: int
    following: Ints
    preceding: Ints
    next_run: Ints
    last_run: Ints

    def working_day(self, days: Ints) -> Ints:
        """Return the first working day at or after each day."""
        return np.asarray(self.following[self._at(days)])

    def working_day_in_month(self, days: Ints) -> Ints:
        """Return the nearest working day in the same month, preferring later days."""
        later, earlier = self.working_day(days), self.preceding[self._at(days)]
        months = np.asarray(days).astype("datetime64[D]").astype("datetime64[M]")
        same = later.astype("datetime64[D]").astype("datetime64[M]") == months
        return np.asarray(np.where(same, later, earlier))

    def run_from(self, kinds: Ints, days: Ints) -> Ints:
        """Return the first payment run of each customer's kind at or after each day."""
        return np.asarray(self.next_run[kinds, self._at(days)])

    def run_up_to(self, kinds: Ints, days: Ints) -> Ints:
        """Return the last payment run of each customer's kind at or before each day."""
        return np.asarray(self.last_run[kinds, self._at(days)])

    def _at(self, days: Ints) -> Ints:
        return np.asarray(np.clip(np.asarray(days) - self.first, 0, len(self.following) - 1))


def working_calendar(first: int, last: int) -> Calendar:
    """Build the calendar of the days from `first` to `last`, both included."""
    days = np.arange(first, last + 1)
    stamps = days.astype("datetime64[D]")
    years = stamps.astype("datetime64[Y]").astype(np.int64) + 1970
    free = [day_number(day) for day in bank_holidays(np.unique(years).tolist())]
    weekday = (days + 3) % 7
    works = (weekday < 5) & ~np.isin(days, free)
    day_of_month = (stamps - stamps.astype("datetime64[M]")).astype(np.int64) + 1
    month = stamps.astype("datetime64[M]").astype(np.int64) % 12
    closed = (month == 7) & (day_of_month >= 5) & (day_of_month <= 25)
    following, preceding = _nearest(days, works)
    ends = (stamps + 1).astype("datetime64[M]") != stamps.astype("datetime64[M]")
    nominal = [works, *(weekday == day for day in range(5))]
    nominal += [ends, day_of_month == 10, ends | (day_of_month == 15)]
    runs = []
    for kind, wanted in enumerate(nominal):
        moved = (preceding if kind in {MONTH_END, FORTNIGHT} else following)[wanted]
        runs.append(np.isin(days, moved))
    runs += [run & ~closed for run in runs]
    pairs = [_nearest(days, run) for run in runs]
    return Calendar(
        first, following, preceding, np.stack([p[0] for p in pairs]), np.stack([p[1] for p in pairs])
    )


def _nearest(days: Ints, wanted: Flags) -> tuple[Ints, Ints]:
    """Return the nearest wanted day from each day on, and up to it; at the edges the day itself."""
    none_after, none_before = days[-1] + 1, days[0] - 1
    after = np.minimum.accumulate(np.where(wanted, days, none_after)[::-1])[::-1]
    before = np.maximum.accumulate(np.where(wanted, days, none_before))
    return np.where(after == none_after, days, after), np.where(before == none_before, days, before)
