"""95 % intervals of observed shares and of rates of rare events.

Owns the formulas.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from models.arrays import Floats

LEVEL: Final = 0.95
_Z: Final = NormalDist().inv_cdf(0.5 + LEVEL / 2)


def wilson_interval(found: Floats, of: Floats) -> tuple[Floats, Floats]:
    """Return Wilson's 95 % interval of shares (Wilson 1927); [0, 1] without an observation.

    Examples
    --------
    >>> low, high = wilson_interval(np.array([0.0]), np.array([10.0]))
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.0], [0.2775])
    """
    some = np.maximum(of, 1.0)
    share, z2 = found / some, _Z**2
    centre, spread = share + z2 / (2 * some), _Z * np.sqrt(share * (1 - share) / some + z2 / (4 * some**2))
    low, high = ((centre + sign * spread) / (1 + z2 / some) for sign in (-1.0, 1.0))
    empty = of <= 0
    return np.where(empty, 0.0, np.maximum(low, 0.0)), np.where(empty, 1.0, np.minimum(high, 1.0))


def rate_interval(events: int, years: float) -> tuple[float, float]:
    """Return the 95 % interval of a rate of rare events per year, by Byar's approximation.

    It is close to the exact Poisson interval from one event on (Breslow and Day 1987, 2.3).

    Examples
    --------
    >>> [round(end, 3) for end in rate_interval(5, 100.0)]
    [0.016, 0.117]
    """
    more = events + 1
    high = more * (1 - 1 / (9 * more) + _Z / (3 * math.sqrt(more))) ** 3
    low = events * (1 - 1 / (9 * events) - _Z / (3 * math.sqrt(events))) ** 3 if events else 0.0
    return low / years, high / years
