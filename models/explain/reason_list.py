"""The reasons of one probability as they are shown: few, in percentage points, summing to the last digit.

Owns which reasons are shown and the rounding; their words are in `models.explain.compared_words`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.explain.compared_words import Comparison, compared_words
from models.explain.probability_points import probability_points, rounded_to

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.explain.reasons import Reason

MOST_REASONS = 6
LEAST_SHARE = 0.02
"""Smallest part of all points, whatever their direction, that a shown reason has."""
_FINE_BELOW = 0.01
"""Probabilities below it are shown with two decimals, others with one."""


@dataclass(frozen=True, slots=True)
class ListedReason:
    """A reason that is shown, and what it adds to the probability, in [-1, 1], rounded as it is shown."""

    sentence_fr: str
    sentence_en: str
    points: float


@dataclass(frozen=True, slots=True)
class ReasonList:
    """From the average customer's probability to a customer's: `base + reasons + others = probability`.

    All figures are rounded to `decimals` of a percentage, and sum exactly as they are shown.

    Parameters
    ----------
    base
        The probability before any reason, in [0, 1].
    reasons
        The largest first.
    others
        What the reasons that are not shown add together.
    """

    base: float
    reasons: tuple[ListedReason, ...]
    others: float
    probability: float
    decimals: int


def reason_list(
    probability: float,
    calibrated: tuple[float, float, float],
    reasons: Sequence[Reason],
    target: str,
    with_: Comparison,
    most: int = MOST_REASONS,
) -> ReasonList:
    """Choose the reasons to show and round them.

    Those whose words would contradict their direction or say nothing, and the smallest, are in `others`.

    Parameters
    ----------
    probability
        In [0, 1]: what the list ends at.
    calibrated
        The margin's base, and slope and intercept of the calibration.
    reasons
        All reasons of the probability.
    target
        What it is the probability of: `late30` or `default12`.
    """
    base, slope, intercept = calibrated
    found = probability_points(base, [one.contribution for one in reasons], slope, intercept)
    decimals = 2 if 0 < probability < _FINE_BELOW else 1
    unit = 10.0 ** -(decimals + 2)
    least = max(unit, LEAST_SHARE * math.fsum(map(abs, found.points)))
    shown: dict[tuple[str, str], float] = {}
    for points, reason in sorted(zip(found.points, reasons, strict=True), key=lambda one: -abs(one[0])):
        if abs(points) < least or len(shown) == most:
            break
        if (words := compared_words(reason, target, with_, found.base)) is not None:
            # Several may say the same, such as that no payment is known.
            shown[words] = shown.get(words, 0.0) + points
    shown = dict(sorted(shown.items(), key=lambda one: -abs(one[1])))
    others = math.fsum((*found.points, *(-points for points in shown.values())))
    exact = [*shown.values(), others]
    first, total = (round(round(share * 100, decimals) * 10**decimals) for share in (found.base, probability))
    *steps, rest = rounded_to(total - first, [value / unit for value in exact])
    listed = (ListedReason(*words, step * unit) for step, words in zip(steps, shown, strict=True))
    return ReasonList(first * unit, tuple(listed), rest * unit, total * unit, decimals)
