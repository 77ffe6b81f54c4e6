"""Population stability index of a distribution, with the threshold that chance gives it.

Bins come from the reference alone, and missing values have a bin of their own. A fixed threshold such as 0.1
ignores the sample sizes: without change the index is distributed as chi-square with one degree of freedom
less than bins, times `1/n + 1/m` (Yurdakul 2018; it is the second-order term of the index around equal
shares). Owns the index, its bins and its threshold; the caller selects the values and draws the conclusions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.errors import NotEnoughDataError

if TYPE_CHECKING:
    from models.arrays import Floats, Ints

BINS = 10
LARGE = 0.1
"""Smallest index that matters, however significant."""
LEVEL = 0.99
"""Quantile of the threshold: chance alone exceeds it 1 time in 100."""
_EMPTY = 0.5
"""Count of an empty bin: half a row, so that the logarithm exists."""


@dataclass(frozen=True, slots=True, eq=False)
class Bins:
    """Bins of a distribution.

    Parameters
    ----------
    edges
        Upper ends of all bins but the last, ascending, or the known codes; shape `(n_edges,)`.
    categorical
        Whether the values are codes.

    Examples
    --------
    >>> bins = Bins.of(np.array([1.0, 2.0, 3.0, 4.0]), count=2)
    >>> bins.counts(np.array([0.0, 2.0, 9.0, np.nan])).tolist()
    [2, 1, 1]
    """

    edges: Floats
    categorical: bool = False

    @classmethod
    def of(cls, reference: Floats, *, categorical: bool = False, count: int = BINS) -> Bins:
        """Divide a reference into bins of equal count, fewer where values repeat; a code is a bin.

        Parameters
        ----------
        reference
            Values, NaN where missing, shape `(n,)`.
        """
        known = reference[~np.isnan(reference)]
        if categorical or not len(known):
            return cls(np.unique(known), categorical)
        shares = np.linspace(0.0, 1.0, count + 1)[1:-1]
        edges = np.unique(np.quantile(known, shares, method="inverted_cdf"))
        if len(edges) and edges[0] == known.min():
            # Many rows have the smallest value: later values below it belong to another bin.
            edges = np.insert(edges, 0, np.nextafter(edges[0], -np.inf))
        return cls(edges)

    def counts(self, values: Floats) -> Ints:
        """Count values by bin, with unseen codes second to last and missing values last; `(n_edges + 2,)`."""
        missing = np.isnan(values)
        known = values[~missing]
        place = np.searchsorted(self.edges, known, side="left")
        if self.categorical:
            seen = np.isin(known, self.edges)
            place = np.where(seen, place, len(self.edges))
        counts: Ints = np.append(np.bincount(place, minlength=len(self.edges) + 1), missing.sum())
        return counts.astype(np.int64)


@dataclass(frozen=True, slots=True)
class Shift:
    """Shift of a distribution.

    Parameters
    ----------
    index
        The population stability index, 0 or more.
    bar
        Threshold that chance alone exceeds once in 100.
    bins
        Number of non-empty bins.
    """

    index: float
    bar: float
    bins: int

    @property
    def shifted(self) -> bool:
        """Whether it is significant, and large enough to matter."""
        return self.index > max(self.bar, LARGE)


def stability_index(reference: Ints, now: Ints) -> float:
    """Return the population stability index of two counts over the same bins.

    The sum over bins of `(q - p) ln(q / p)`, p and q being the shares: the symmetric divergence of Kullback
    and Leibler (Jeffreys 1946). A bin that is empty on one side counts as half a row there.

    Raises
    ------
    NotEnoughDataError
        One side has no values.

    Examples
    --------
    >>> stability_index(np.array([10, 10]), np.array([30, 30]))
    0.0
    >>> round(stability_index(np.array([50, 50]), np.array([80, 20])), 4)
    0.4159
    """
    if not reference.sum() or not now.sum():
        raise NotEnoughDataError("stability compares two sets of values; one of them is empty")
    some = (reference > 0) | (now > 0)
    before = np.maximum(reference[some], _EMPTY) / reference.sum()
    after = np.maximum(now[some], _EMPTY) / now.sum()
    return float(np.sum((after - before) * np.log(after / before)))


def chance_bar(bins: int, reference: int, now: int, level: float = LEVEL) -> float:
    """Return the index that chance alone exceeds in a share `1 - level` of comparisons (Yurdakul 2018).

    Parameters
    ----------
    reference, now
        Number of independent draws on each side: for rows of customers, the number of customers.

    Examples
    --------
    >>> round(chance_bar(10, 1_000, 1_000), 4)
    0.0433
    """
    from scipy.special import chdtri  # noqa: PLC0415  # costs a tenth of a second at import

    return float(chdtri(max(bins - 1, 1), 1.0 - level)) * (1.0 / reference + 1.0 / now)


def shift(
    reference: Floats,
    now: Floats,
    *,
    categorical: bool = False,
    draws: tuple[int, int] | None = None,
) -> Shift:
    """Measure the shift of values from a reference.

    Parameters
    ----------
    reference, now
        Values, NaN where missing; of any lengths.
    draws
        Number of independent draws on each side; the number of values if None.

    Raises
    ------
    NotEnoughDataError
        One side has no values.
    """
    bins = Bins.of(reference, categorical=categorical)
    before, after = bins.counts(reference), bins.counts(now)
    used = int(((before > 0) | (after > 0)).sum())
    sizes = draws or (len(reference), len(now))
    index = stability_index(before, after)
    return Shift(index, chance_bar(used, *sizes), used)
