"""Rows that may be drawn for training, each with a rank that depends on the row alone.

Rows of the smallest ranks are drawn. A rank is a hash of the row's subject, its day and a seed, so that the
same rows are drawn from a ledger in any number of parts: each part returns its smallest ranks, the largest
rank drawn follows from all of them, and each part then takes its own rows up to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from models.arrays import Ints

    Ranks = NDArray[np.uint64]

_TURN_BITS = np.uint64(56)
_GOLDEN, _WORD = 0x9E3779B97F4A7C15, 1 << 64


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Rows of a part of a ledger that may be drawn.

    Parameters
    ----------
    owner, day
        The row's customer in the part's book, and its as-of day, shape `(n,)`.
    document
        The row's invoice in the part's book, -1 for a row about a customer, shape `(n,)`.
    rank
        Rows of the smallest ranks are drawn, shape `(n,)`.
    """

    owner: Ints
    day: Ints
    document: Ints
    rank: Ranks

    @classmethod
    def of_customers(cls, owner: Ints, day: Ints, rank: Ranks) -> Candidates:
        """Build rows about customers as such."""
        return cls(owner, day, np.full(len(owner), -1, dtype=np.int64), rank)

    def take(self, rows: NDArray[np.bool_]) -> Candidates:
        """Select rows by mask."""
        return Candidates(self.owner[rows], self.day[rows], self.document[rows], self.rank[rows])

    def smallest(self, count: int) -> Ranks:
        """Return the smallest ranks, at most `count`, in any order."""
        return smallest(self.rank, count)


def smallest(rank: Ranks, count: int) -> Ranks:
    """Return the smallest ranks, at most `count`, in any order."""
    return rank if len(rank) <= count else np.partition(rank, count - 1)[:count]


def limit_of(parts: Sequence[Ranks], most: int) -> np.uint64:
    """Return the largest rank drawn, given the `most` smallest ranks of each part; 0 without any.

    Parameters
    ----------
    most
        Number of rows to draw; rows of equal rank, if ever, are drawn together.
    """
    return np.uint64(smallest(np.concatenate(parts), most).max(initial=0))


def ranks(ids: NDArray[np.object_], place: Ints, day: Ints, seed: int) -> Ranks:
    """Return a random rank of each row, shape `(n,)`.

    Parameters
    ----------
    ids
        Ids of invoices or customers.
    place
        The row's subject among the ids, shape `(n,)`.

    Examples
    --------
    >>> ids, place, day = np.array(["C1", "C2"], dtype=object), np.array([0, 1, 0]), np.array([5, 5, 6])
    >>> first = ranks(ids, place, day, 1)
    >>> len(set(first.tolist())), bool((first == ranks(ids[::-1], 1 - place, day, 1)).all())
    (3, True)
    """
    subject = pd.util.hash_array(ids, categorize=False)[place]
    when = day.astype(np.uint64) + np.uint64(seed * _GOLDEN % _WORD)
    return _mixed(subject ^ _mixed(when))


def spread_ranks(ids: NDArray[np.object_], owner: Ints, day: Ints, seed: int) -> Ranks:
    """Return ranks by which one row of every customer and calendar year is drawn before any second.

    Parameters
    ----------
    ids
        Ids of customers.
    owner
        The row's customer among the ids, shape `(n,)`.
    """
    drawn = ranks(ids, owner, day, seed)
    year = day.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64)
    order = np.lexsort((drawn, year, owner))
    again = (owner[order][1:] == owner[order][:-1]) & (year[order][1:] == year[order][:-1])
    begins = np.flatnonzero(np.append(True, ~again)[: len(order)])  # an array's value
    turn = np.empty(len(owner), dtype=np.uint64)
    turn[order] = np.arange(len(owner)) - np.repeat(begins, np.diff(np.append(begins, len(owner))))
    return (turn << _TURN_BITS) | (drawn >> (np.uint64(64) - _TURN_BITS))


def _mixed(values: Ranks) -> Ranks:
    """Spread every bit of a value over all bits (the finaliser of SplitMix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: Ranks = values ^ (values >> np.uint64(31))
    return mixed
