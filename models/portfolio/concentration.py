"""Concentration of a portfolio: the largest exposures, their share, the Herfindahl index.

Owns the figures; the caller provides exposures, at once or part by part. A credit balance offsets no other
customer's debt, so an exposure below 0 counts as 0.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from heapq import nsmallest
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

TOP = 10
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ConcentrationShare:
    """One name's part of the total, in euros and as a share in [0, 1]."""

    name: str
    eur: float
    share: float


@dataclass(frozen=True, slots=True)
class Concentration:
    """Concentration of exposures.

    Parameters
    ----------
    top
        The largest, in descending order; names without exposure are left out.
    top_share
        Their share of the total, in [0, 1].
    herfindahl
        The sum of squared shares, in (0, 1]: 1 for a single name; 0 without exposure.
    effective_count
        1 / Herfindahl: the number of equal names with the same concentration; None without exposure.
    """

    total_eur: float
    count: int
    top: tuple[ConcentrationShare, ...]
    top_share: float
    herfindahl: float
    effective_count: float | None

    def document(self) -> dict[str, Any]:
        """Return the figures as plain JSON values."""
        return {**asdict(self), "top": [asdict(part) for part in self.top]}


def concentration(exposures: Mapping[str, float], top: int = TOP) -> Concentration:
    """Measure the concentration of exposures (Herfindahl 1950; Hirschman 1945).

    Parameters
    ----------
    exposures
        Euros by name, of customers, groups or sectors.
    top
        Number of largest names to report.

    Examples
    --------
    >>> found = concentration({"A": 50.0, "B": 30.0, "C": 20.0}, top=2)
    >>> round(found.herfindahl, 2), found.top_share, [part.name for part in found.top]
    (0.38, 0.8, ['A', 'B'])
    """
    return ExposureSums.of(exposures, top).concentration(top)


@dataclass(frozen=True, slots=True)
class ExposureSums:
    """What the concentration of exposures follows from, in whole cents: those of disjoint parts add up.

    Parameters
    ----------
    count
        Number of names with an exposure.
    squares
        Sum of the squared exposures.
    largest
        Names and cents of the largest, in descending order.
    """

    cents: int = 0
    count: int = 0
    squares: int = 0
    largest: tuple[tuple[str, int], ...] = ()

    @classmethod
    def of(cls, exposures: Mapping[str, float], most: int) -> ExposureSums:
        """Sum exposures in euros by name, with the `most` largest."""
        cents = {name: round(eur * 100) for name, eur in exposures.items() if round(eur * 100) > 0}
        squares = sum(value * value for value in cents.values())
        return cls(sum(cents.values()), len(cents), squares, _largest(cents.items(), most))

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> ExposureSums:
        """Build sums from their fields as JSON values."""
        largest = tuple((str(name), int(cents)) for name, cents in document["largest"])
        return cls(document["cents"], document["count"], document["squares"], largest)

    def plus(self, other: ExposureSums, most: int) -> ExposureSums:
        """Add the exposures of other names."""
        return ExposureSums(
            self.cents + other.cents,
            self.count + other.count,
            self.squares + other.squares,
            _largest((*self.largest, *other.largest), most),
        )

    def concentration(self, top: int = TOP) -> Concentration:
        """Return the figures, with at most `top` of the largest names."""
        if not self.cents:
            return Concentration(0.0, 0, (), 0.0, 0.0, None)
        shown = self.largest[:top]
        shares = tuple(ConcentrationShare(name, cents / 100, cents / self.cents) for name, cents in shown)
        index = self.squares / (self.cents * self.cents)
        top_share = sum(cents for _, cents in shown) / self.cents
        return Concentration(self.cents / 100, self.count, shares, top_share, index, 1 / index)


def _largest(exposures: Iterable[tuple[str, int]], most: int) -> tuple[tuple[str, int], ...]:
    return tuple(nsmallest(most, exposures, key=lambda pair: (-pair[1], pair[0])))


def summed_by(exposures: Iterable[tuple[str | None, float]]) -> dict[str, float]:
    """Sum exposures by a key such as a sector; those without one are `unknown`.

    Examples
    --------
    >>> summed_by([("43", 10.0), (None, 5.0), ("43", 2.5), ("41", -3.0)])
    {'41': 0.0, '43': 12.5, 'unknown': 5.0}
    """
    cents = defaultdict[str, int](int)
    for key, eur in exposures:
        cents[key or UNKNOWN] += max(round(eur * 100), 0)
    return {key: cents[key] / 100 for key in sorted(cents)}


def gini(exposures: Iterable[float]) -> float:
    """Return the Gini coefficient of exposures, those of 0 or less left out: 0 if all are equal (Gini 1912).

    Examples
    --------
    >>> gini([10.0, 10.0, 10.0]), round(gini([0.0, 1.0, 3.0]), 2), gini([])
    (0.0, 0.25, 0.0)
    """
    ranked = sorted(eur for eur in exposures if eur > 0.0)
    if not ranked:
        return 0.0
    count, whole = len(ranked), sum(ranked)
    return sum((2 * place - count - 1) * eur for place, eur in enumerate(ranked, 1)) / (count * whole)
