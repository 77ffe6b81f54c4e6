"""Running sums over sorted events: the trick under every window.

A stream holds one kind of event of many owners (customers, peer groups, invoices), sorted by owner and day.
Any count or sum over any window as of any day is then the difference of two running sums, each found by
binary search. Values are whole numbers, so that a difference is exact whatever stands before it, and a
stream cut at a day gives the same answers up to that day, to the bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

DAY_BITS = 20
NEVER = (1 << DAY_BITS) - 2
"""A day that no date reaches: what has not happened, and what has no date."""


def day_numbers(dates: object) -> Ints:
    """Turn dates into days since 1970-01-01, `NEVER` where empty.

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


@dataclass(frozen=True, slots=True)
class Stream:
    """Events sorted by owner and day, with the running sums of their values.

    Parameters
    ----------
    keys
        Owner and day packed in one number, ascending, shape `(n_events,)`.
    sums
        Running sums by name, each of shape `(n_events + 1,)`, starting at 0.
    values
        The values themselves by name, in the stream's order, for what needs more than sums.
    """

    keys: Ints
    sums: dict[str, Ints]
    values: dict[str, Ints]

    @classmethod
    def of(cls, owners: Ints, days: Ints, values: Mapping[str, Ints], tie: Ints | None = None) -> Stream:
        """Sort events into a stream; those that never happen are left out.

        Parameters
        ----------
        owners, days
            Who and when, shape `(n,)`; owners are codes from 0.
        values
            Whole numbers by name, shape `(n,)`.
        tie
            What orders events of one owner and day, where order matters, shape `(n,)`.
        """
        happens = days < NEVER
        keys = pack(owners[happens], days[happens])
        order = np.lexsort((tie[happens], keys)) if tie is not None else np.argsort(keys, kind="stable")
        kept = {name: value[happens][order].astype(np.int64) for name, value in values.items()}
        sums = {name: np.concatenate(([0], np.cumsum(value))) for name, value in kept.items()}
        return cls(keys[order], sums, kept)

    def upto(self, owners: Ints, days: Ints) -> Ints:
        """Return how far the stream goes for each owner at the end of each day, shape `(n,)`."""
        return np.searchsorted(self.keys, pack(owners, days), side="right")

    def start(self, owners: Ints) -> Ints:
        """Return where each owner's events begin, shape `(n,)`."""
        return np.searchsorted(self.keys, owners << DAY_BITS, side="left")

    def total(self, name: str, start: Ints, stop: Ints) -> Ints:
        """Sum the values called `name` from position `start` up to, not including, `stop`."""
        running = self.sums[name]
        return running[stop] - running[start]

    def days(self) -> Ints:
        """Return the day of each event, in the stream's order."""
        return self.keys & ((1 << DAY_BITS) - 1)

    def day_before(self, start: Ints, stop: Ints) -> Floats:
        """Return the day of the last event before `stop`, NaN where the owner has none from `start`."""
        return _at(self.days(), stop - 1, known=stop > start)

    def first_day(self, start: Ints, stop: Ints) -> Floats:
        """Return the day of the event at `start`, NaN where there is none before `stop`."""
        return _at(self.days(), start, known=stop > start)

    def last(self, name: str, start: Ints, stop: Ints, count: int) -> Floats:
        """Return the last `count` values before `stop`, latest first, NaN where there are fewer.

        Returns
        -------
        Shape `(n, count)`.
        """
        where = stop[:, None] - 1 - np.arange(count)
        return _at(self.values[name], where, known=where >= start[:, None])


def pack(owners: Ints, days: Ints) -> Ints:
    """Pack owner and day in one number that sorts by owner, then day."""
    return (owners << DAY_BITS) | np.clip(days, 0, NEVER)


def _at(values: Ints, where: Ints, *, known: NDArray[np.bool_]) -> Floats:
    if not len(values):
        return np.full(where.shape, np.nan)
    found = values[np.clip(where, 0, len(values) - 1)].astype(np.float64)
    found[~known] = np.nan
    return found


def ratio(above: NDArray[np.generic], below: NDArray[np.generic]) -> Floats:
    """Divide, NaN where the divisor is not above 0."""
    under = np.asarray(below, dtype=np.float64)
    safe = np.where(under > 0, under, np.nan)
    return np.asarray(above, dtype=np.float64) / safe


def quantile(rows: Floats, share: float) -> Floats:
    """Return each row's quantile over its known values, by linear interpolation; NaN where none is known.

    Parameters
    ----------
    rows
        Shape `(n, k)`, NaN where unknown.
    share
        In [0, 1]: 0.5 is the median.

    Examples
    --------
    >>> quantile(np.array([[1.0, 3.0, np.nan], [np.nan, np.nan, np.nan]]), 0.5).tolist()
    [2.0, nan]
    """
    known = (~np.isnan(rows)).sum(axis=1)
    ordered = np.sort(rows, axis=1)
    place = np.maximum(known - 1, 0) * share
    low = np.floor(place).astype(np.int64)
    high = np.minimum(low + 1, np.maximum(known - 1, 0))
    row = np.arange(len(rows))
    below, above = ordered[row, low], ordered[row, high]
    mixed: Floats = below + (above - below) * (place - low)
    return mixed
