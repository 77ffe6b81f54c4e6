"""Contributions in percentage points of probability instead of log-odds.

Owns the attribution from margin to probability and the rounding of what is shown. The exact contributions, in
log-odds, are those of `models.explain.explanation`.

What raises the risk and what lowers it are taken as two players: each has the mean of what it changes when
it comes first and when it comes last (their Shapley value), and shares it among its reasons in proportion to
their contributions. So points sum to the probability less the base, have the signs of the contributions,
never exceed 100 in total on either side, and depend on no order of the reasons. Scaling by the share of the
net margin instead would show hundreds of points where large contributions cancel.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class ProbabilityPoints:
    """What leads from the base probability to a customer's probability; all in [-1, 1].

    Parameters
    ----------
    base
        The probability before any contribution.
    points
        What each contribution adds, in the order of the contributions.
    """

    base: float
    points: tuple[float, ...]

    @property
    def probability(self) -> float:
        """Where the way ends."""
        return self.base + math.fsum(self.points)


def probability_points(
    base: float, contributions: Sequence[float], slope: float, intercept: float
) -> ProbabilityPoints:
    """Attribute a calibrated probability to the contributions of its margin.

    Parameters
    ----------
    base, contributions
        The margin before any feature and what each reason adds to it, in log-odds.
    slope, intercept
        The calibration: the probability is the logistic of `slope x margin + intercept`.

    Examples
    --------
    >>> found = probability_points(0.0, [2.0, -2.0], 1.0, 0.0)
    >>> found.base, [round(one, 3) for one in found.points]
    (0.5, [0.381, -0.381])
    """
    start, steps = slope * base + intercept, [slope * one for one in contributions]
    up, down = math.fsum(one for one in steps if one > 0), math.fsum(one for one in steps if one < 0)
    before, after = _logistic(start), _logistic(start + up + down)
    raised, lowered = _logistic(start + up), _logistic(start + down)
    gain = ((raised - before) + (after - lowered)) / 2
    loss = ((lowered - before) + (after - raised)) / 2
    return ProbabilityPoints(before, tuple(_share(one, up, gain, down, loss) for one in steps))


def _share(step: float, up: float, gain: float, down: float, loss: float) -> float:
    if step > 0:
        return gain * (step / up)
    return loss * (step / down) if step < 0 else 0.0


def rounded_to(total: int, values: Sequence[float]) -> tuple[int, ...]:
    """Round figures to whole units so that they sum to a given total, by largest remainders.

    Parameters
    ----------
    total
        What the rounded figures sum to.
    values
        In units, at least one.

    Examples
    --------
    >>> rounded_to(10, [3.4, 3.4, 3.2])
    (4, 3, 3)
    """
    floors = [math.floor(value) for value in values]
    ranked = sorted(range(len(values)), key=lambda place: floors[place] - values[place])
    each, left = divmod(total - sum(floors), len(values))
    up = set(ranked[:left])
    return tuple(floor + each + (place in up) for place, floor in enumerate(floors))


def _logistic(value: float) -> float:
    if value >= 0:
        return 1.0 / (1.0 + math.exp(-value))
    grown = math.exp(max(value, -700.0))
    return grown / (1.0 + grown)
