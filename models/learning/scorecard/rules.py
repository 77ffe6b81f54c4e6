"""Hyperparameters of a scorecard: fineness of bins, admission of features, scale of points.

Thresholds follow Siddiqi (2006), *Credit Risk Scorecards*, chapter 6, unless stated otherwise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.arrays import Floats


@dataclass(frozen=True, slots=True)
class ScorecardRules:
    """Constraints on a scorecard.

    Parameters
    ----------
    most_bins
        Maximum number of bins of a feature besides the missing.
    least_share, least_cases
        Minimum share of the rows in a bin, and minimum number of rows of either outcome. Unknown values, or
        codes too rare for a bin of their own, below it have a weight of evidence of 0.
    prebins
        Initial number of bins of a feature, before neighbours are joined.
    least_information_value
        Minimum information value of a feature, above what chance alone would show on this number of rows.
    most_correlation
        Maximum correlation in [0, 1] of two features' weights of evidence; above it the one with the lower
        information value is left out.
    most_features, most_in_group
        Maximum number of features on the scorecard, and of features under one reason.
    least_bad
        Fewest rows of either outcome to fit on.
    """

    most_bins: int = 6
    least_share: float = 0.01
    least_cases: int = 5
    prebins: int = 20
    least_information_value: float = 0.02
    most_correlation: float = 0.8
    most_features: int = 12
    most_in_group: int = 3
    least_bad: int = 30


@dataclass(frozen=True, slots=True)
class PointScale:
    """Conversion of log-odds to points: `pdo` more points double the odds of good.

    Parameters
    ----------
    points, odds
        The score that corresponds to `odds` good rows to one bad.
    pdo
        Points to double the odds.

    Examples
    --------
    The figures of Siddiqi (2006), chapter 6: 600 points at 50 to 1, 20 more at 100 to 1.

    >>> scale = PointScale(600, 50, 20)
    >>> round(scale.factor, 4), round(scale.offset, 3)
    (28.8539, 487.123)
    >>> round(math.exp(-scale.margin(600.0)), 6), round(math.exp(-scale.margin(620.0)), 6)
    (50.0, 100.0)
    """

    points: float = 600.0
    odds: float = 50.0
    pdo: float = 20.0

    @property
    def factor(self) -> float:
        """Points for one unit of log-odds."""
        return self.pdo / math.log(2.0)

    @property
    def offset(self) -> float:
        """Points at even odds."""
        return self.points - self.factor * math.log(self.odds)

    def margin(self, score: Floats) -> Floats:
        """Return the log-odds of bad that correspond to scores, any shape."""
        return (self.offset - score) / self.factor
