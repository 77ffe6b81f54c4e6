"""A feature on a scorecard: its bins, the bin of a value, and each bin's evidence and points.

Owns one feature's part; the sum over features is `models.learning.scorecard.scorecard`'s business.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from models.errors import ModelError

if TYPE_CHECKING:
    from models.arrays import Floats, Ints


@dataclass(frozen=True, slots=True)
class Bin:
    """One bin of a scorecard.

    Parameters
    ----------
    rows, bad
        Number of training rows in the bin, and of bad ones among them.
    woe
        Weight of evidence, in log-odds; above 0 where the rows are better than all rows together.
    points
        Points of the bin, whole.
    """

    rows: int
    bad: int
    woe: float
    points: int = 0

    @property
    def bad_share(self) -> float:
        """Share of bad training rows in [0, 1]; NaN without rows."""
        return self.bad / self.rows if self.rows else math.nan


@dataclass(frozen=True, slots=True)
class Attribute:
    """One feature with its bins.

    Parameters
    ----------
    name, label_fr, label_en, unit, group
        As in the feature's contract.
    trend
        Monotonicity of the risk over the bins: 1 never decreasing, -1 never increasing, 0 for codes.
    bounds
        Where a number's next bin begins, ascending; a bound belongs to the bin above it.
    categories
        The codes of each bin where the number is only a code; else empty.
    bins
        One more than `bounds`, or as many as `categories`.
    missing
        The bin of unknown values.
    other
        The bin of unlisted codes; None for a numeric feature.
    weight
        Coefficient of the weight of evidence in the log-odds of good; above 0.

    Raises
    ------
    ModelError
        Bins and bounds do not fit together.
    """

    name: str
    label_fr: str
    label_en: str
    unit: str
    group: str
    trend: int
    bounds: tuple[float, ...]
    categories: tuple[tuple[float, ...], ...]
    bins: tuple[Bin, ...]
    missing: Bin
    other: Bin | None = None
    weight: float = 1.0

    def __post_init__(self) -> None:
        wanted = len(self.categories) if self.other else len(self.bounds) + 1
        ordered = all(low < high for low, high in pairwise((-math.inf, *self.bounds, math.inf)))
        coded = bool(self.categories) == bool(self.other)
        if len(self.bins) != wanted or not ordered or not coded:
            raise ModelError(
                f"{self.name} has {len(self.bins)} bins between bounds {self.bounds} and categories "
                f"{self.categories}: bounds are finite and ascend, each bin has its own; fit again"
            )

    @property
    def lines(self) -> tuple[Bin, ...]:
        """Every bin in the order of `place`: known values, the missing, other codes."""
        return (*self.bins, self.missing, *((self.other,) if self.other else ()))

    @property
    def information_value(self) -> float:
        """Information value of the bins (Siddiqi 2006, chapter 6); 0 does not separate good from bad."""
        good = np.array([line.rows - line.bad for line in self.lines], dtype=np.float64)
        bad = np.array([line.bad for line in self.lines], dtype=np.float64)
        woe = np.array([line.woe for line in self.lines])
        return float(((good / good.sum() - bad / bad.sum()) * woe).sum())

    def place(self, values: Floats) -> Ints:
        """Return the index in `lines` of each value's bin, shape `(n,)`.

        Examples
        --------
        >>> half = Bin(50, 5, 0.0)
        >>> days = Attribute("days", "jours", "days", "days", "lateness", 1, (10.0,), (), (half, half), half)
        >>> days.place(np.array([9.99, 10.0, np.inf, np.nan])).tolist()
        [0, 1, 1, 2]
        """
        if self.categories:
            place = np.full(len(values), len(self.bins) + 1, dtype=np.int64)
            for index, codes in enumerate(self.categories):
                place[np.isin(values, codes)] = index
        else:
            place = np.searchsorted(np.array(self.bounds), values, side="right").astype(np.int64)
        place[np.isnan(values)] = len(self.bins)
        return place

    def woe(self, values: Floats) -> Floats:
        """Return the weight of evidence of each value, shape `(n,)`."""
        return np.array([line.woe for line in self.lines])[self.place(values)]

    def points(self, values: Floats) -> Floats:
        """Return the points of each value, whole, shape `(n,)`."""
        return np.array([line.points for line in self.lines], dtype=np.float64)[self.place(values)]
