"""What a scorecard is held to: how fine its bins are, what a feature must bring, how points are scaled.

Thresholds follow Siddiqi (2006), *Credit Risk Scorecards*, chapter 6, unless said otherwise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.arrays import Floats

SUSPICIOUS_INFORMATION_VALUE = 0.5
"""Above it a feature is worth a second look: it may know the outcome. Past payments do predict so much."""


@dataclass(frozen=True, slots=True)
class ScorecardRules:
    """What a scorecard may hold.

    Parameters
    ----------
    most_bins
        Most bins of a feature beside the missing.
    least_share, least_cases
        A bin holds at least this share of the rows, and so many rows of either outcome. Unknown values, or
        codes too rare to stand alone, that are fewer say nothing: their weight of evidence is 0.
    prebins
        How many bins a feature is first cut in, of which neighbours are then joined.
    least_information_value
        A feature that tells less is left out, over what chance alone would show on so few rows.
    most_correlation
        Of two features whose weights of evidence correlate more, in [0, 1], the one that tells less is left
        out.
    most_features, most_in_group
        Most features on the scorecard, and most of them told under one reason.
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
    """How log-odds become points: so many points at so many good for one bad, twice the odds for `pdo` more.

    Parameters
    ----------
    points, odds
        The score that stands for `odds` good rows to one bad.
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
        """Return the log-odds of bad that scores stand for, any shape."""
        return (self.offset - score) / self.factor
