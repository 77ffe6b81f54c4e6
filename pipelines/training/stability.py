"""Whether what is asked has changed: the population stability index, and how large chance makes it.

Bins come from a reference alone, and a missing value is a bin of its own. A fixed bar such as 0.1 means
little without the sizes behind it: under no change the index is distributed as chi-square with one degree of
freedom less than bins, times `1/n + 1/m` (Yurdakul 2018; it is the second-order term of the index around
equal shares). Owns the index, its bins and its bar; what is compared, and what follows, is the caller's.
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
"""A smaller index is no change worth a look, however sure it is."""
LEVEL = 0.99
"""How seldom chance alone exceeds the bar: 1 in 100."""
_EMPTY = 0.5
"""What an empty bin counts: half a row, so that a logarithm exists."""


@dataclass(frozen=True, slots=True, eq=False)
class Bins:
    """Where values fall.

    Parameters
    ----------
    edges
        Ascending upper ends of all bins but the last, or the known codes; shape `(n_edges,)`.
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
        """Cut a reference in bins of equal count, fewer where values repeat; a code is a bin.

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
            # Many rows at the least value: what falls below it later is no longer the same.
            edges = np.insert(edges, 0, np.nextafter(edges[0], -np.inf))
        return cls(edges)

    def counts(self, values: Floats) -> Ints:
        """Count values by bin, codes never seen before last but one, missing ones last; `(n_edges + 2,)`."""
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
    """How far values have moved.

    Parameters
    ----------
    index
        The population stability index, 0 or more.
    bar
        What chance alone exceeds once in 100.
    bins
        How many bins hold any value.
    """

    index: float
    bar: float
    bins: int

    @property
    def shifted(self) -> bool:
        """Whether it is more than chance, and enough to matter."""
        return self.index > max(self.bar, LARGE)


def stability_index(reference: Ints, now: Ints) -> float:
    """Return the population stability index of two counts over the same bins.

    The sum over bins of `(q - p) ln(q / p)`, p and q being the shares: the symmetric divergence of Kullback
    and Leibler (Jeffreys 1946). A bin that is empty on one side counts half a row there.

    Raises
    ------
    NotEnoughDataError
        One side holds no value.

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
        How many independent draws each side is: of rows that belong to customers, the customers.

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
    """Say how far values have moved from a reference.

    Parameters
    ----------
    reference, now
        Values, NaN where missing; of any two lengths.
    draws
        How many independent draws each side is; every value is one without it.

    Raises
    ------
    NotEnoughDataError
        One side holds no value.
    """
    bins = Bins.of(reference, categorical=categorical)
    before, after = bins.counts(reference), bins.counts(now)
    used = int(((before > 0) | (after > 0)).sum())
    sizes = draws or (len(reference), len(now))
    index = stability_index(before, after)
    return Shift(index, chance_bar(used, *sizes), used)
