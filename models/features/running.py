"""Running sums over sorted events, from which all window features are computed.

A stream holds one kind of event of many owners (customers, peer groups, invoices), sorted by owner and day. A
count or sum over any window as of any day is the difference of two running sums, each located by binary
search. Values are integers, so that differences are exact whatever precedes them, and a stream cut off at a
day gives bit-identical results up to that day.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from models.arrays import Floats, Ints


DAY_BITS = 20
NEVER = (1 << DAY_BITS) - 2
"""A day later than any date: for events that have not happened, and for missing dates."""
_FIRST_ORDINAL = dt.date(1970, 1, 1).toordinal()
_WORD_BITS = 62
"""Bits of a key, excluding the sign and one spare bit."""


def day_numbers(dates: object) -> Ints:
    """Convert dates to days since 1970-01-01, `NEVER` where empty.

    Parameters
    ----------
    dates
        A series or array of dates, shape `(n,)`.

    Examples
    --------
    >>> day_numbers(np.array(["1970-01-02", "NaT"], dtype="datetime64[s]")).tolist()
    [1, 1048574]
    """
    days = np.asarray(dates).astype("datetime64[D]")
    numbers = days.astype(np.int64)
    numbers[np.isnat(days)] = NEVER
    return numbers


def day_number(day: dt.date) -> int:
    """Return a date as days since 1970-01-01."""
    return day.toordinal() - _FIRST_ORDINAL


@dataclass(frozen=True, slots=True)
class Stream:
    """Events sorted by owner and day, with the running sums of their values.

    Parameters
    ----------
    keys
        Owner and day packed in one integer, ascending, shape `(n_events,)`.
    sums
        Running sums by name, each of shape `(n_events + 1,)`, starting at 0.
    """

    keys: Ints
    sums: dict[str, Ints]

    @classmethod
    def of(cls, owners: Ints, days: Ints, values: Mapping[str, NDArray[np.generic]]) -> Stream:
        """Sort events into a stream; those on `NEVER` are left out.

        Parameters
        ----------
        owners, days
            Owner and day of each event, shape `(n,)`; owners are codes from 0. Events of one owner and day
            keep their order.
        values
            Integers by name, shape `(n,)`.
        """
        happens = np.flatnonzero(days < NEVER)
        everything = len(happens) == len(days)
        keys = pack(owners, days) if everything else pack(owners[happens], days[happens])
        order, keys = ordered(keys)
        picked = order if everything else happens[order]
        return cls(keys, {name: _running_sum(value[picked]) for name, value in values.items()})

    @property
    def values(self) -> dict[str, Ints]:
        """The values by name, in the stream's order."""
        return {name: np.diff(running) for name, running in self.sums.items()}

    def upto(self, owners: Ints, days: Ints) -> Ints:
        """Return the end of each owner's events up to the end of each day, shape `(n,)`."""
        return np.searchsorted(self.keys, pack(owners, days), side="right")

    def start(self, owners: Ints) -> Ints:
        """Return the start of each owner's events, shape `(n,)`."""
        return np.searchsorted(self.keys, owners << DAY_BITS, side="left")

    def total(self, name: str, start: Ints, stop: Ints) -> Ints:
        """Sum the values called `name` from position `start` to `stop`, exclusive."""
        running = self.sums[name]
        return running[stop] - running[start]

    def days(self) -> Ints:
        """Return the day of each event, in the stream's order."""
        return self.keys & ((1 << DAY_BITS) - 1)

    def day_before(self, start: Ints, stop: Ints) -> Floats:
        """Return the day of the last event before `stop`, NaN where the owner has none from `start`."""
        return self._day_at(stop - 1, known=stop > start)

    def first_day(self, start: Ints, stop: Ints) -> Floats:
        """Return the day of the event at `start`, NaN where there is none before `stop`."""
        return self._day_at(start, known=stop > start)

    def _day_at(self, where: Ints, *, known: NDArray[np.bool_]) -> Floats:
        if not len(self.keys):
            return np.full(len(where), np.nan)
        day = self.keys[np.clip(where, 0, len(self.keys) - 1)] & ((1 << DAY_BITS) - 1)
        return np.where(known, day, np.nan)

    def last(self, name: str, start: Ints, stop: Ints, count: int) -> Floats:
        """Return the last `count` values before `stop`, latest first, NaN where there are fewer.

        Returns
        -------
        Shape `(n, count)`.
        """
        running = self.sums[name]
        where = stop[:, None] - np.arange(count + 1)
        after = running[np.maximum(where, 0)]
        known = where[:, 1:] >= start[:, None]
        return np.where(known, after[:, :-1] - after[:, 1:], np.nan)


def ordered(keys: Ints) -> tuple[Ints, Ints]:
    """Return the stable sort order of keys, and the sorted keys.

    Where they fit, key and position are packed in one integer: sorting integers is many times faster than
    argsort.

    Examples
    --------
    >>> order, keys = ordered(np.array([7, 3, 7, 1]))
    >>> order.tolist(), keys.tolist()
    ([3, 1, 0, 2], [1, 3, 7, 7])
    """
    bits = len(keys).bit_length()
    largest = max(int(keys.max()), -int(keys.min())) if len(keys) else 0
    if largest.bit_length() + bits > _WORD_BITS:
        order = np.argsort(keys, kind="stable")
        return order, keys[order]
    packed = (keys << bits) | np.arange(len(keys))
    packed.sort()
    return packed & ((1 << bits) - 1), packed >> bits


def pack(owners: Ints, days: Ints) -> Ints:
    """Pack owner and day in one integer that sorts by owner, then day."""
    return (owners << DAY_BITS) | np.clip(days, 0, NEVER)


def _running_sum(values: NDArray[np.generic]) -> Ints:
    sums = np.zeros(len(values) + 1, dtype=np.int64)
    np.cumsum(values, dtype=np.int64, out=sums[1:])
    return sums


def ratio(above: NDArray[np.generic], below: NDArray[np.generic]) -> Floats:
    """Divide, NaN where the divisor is not above 0."""
    under = np.asarray(below, dtype=np.float64)
    safe = np.where(under > 0, under, np.nan)
    return np.asarray(above, dtype=np.float64) / safe


def quantiles(rows: Floats, *shares: float) -> list[Floats]:
    """Return each row's quantiles over its known values, by linear interpolation; NaN without any.

    Parameters
    ----------
    rows
        Shape `(n, k)`, NaN where unknown.
    shares
        In [0, 1]: 0.5 is the median.

    Returns
    -------
    One array of shape `(n,)` per share.

    Examples
    --------
    >>> quantiles(np.array([[1.0, 3.0, np.nan], [np.nan, np.nan, np.nan]]), 0.5)[0].tolist()
    [2.0, nan]
    """
    last = np.maximum((~np.isnan(rows)).sum(axis=1) - 1, 0)
    ascending, row = np.sort(rows, axis=1), np.arange(len(rows))
    found: list[Floats] = []
    for share in shares:
        place = last * share
        low = np.floor(place).astype(np.int64)
        below, above = ascending[row, low], ascending[row, np.minimum(low + 1, last)]
        found.append(below + (above - below) * (place - low))
    return found
