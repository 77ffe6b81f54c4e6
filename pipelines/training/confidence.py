"""Confidence interval of a share observed among dependent rows.

Wilson's interval, at the effective number of independent draws.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from pipelines.training.bootstrap import CONFIDENCE

if TYPE_CHECKING:
    from models.arrays import Floats, Ints


def wilson(share: float, count: float, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Return Wilson's interval of a share observed in `count` draws, which may be fractional.

    Examples
    --------
    >>> [round(end, 4) for end in wilson(0.1, 100)]
    [0.0552, 0.1744]
    >>> wilson(0.0, 20)[0]
    0.0
    """
    z2 = NormalDist().inv_cdf(0.5 + confidence / 2) ** 2
    middle = (share + z2 / (2 * count)) / (1 + z2 / count)
    half = math.sqrt(z2 * (share * (1 - share) + z2 / (4 * count)) / count) / (1 + z2 / count)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def design_effect(missed: Floats, owner: Ints) -> float:
    """Return the variance of a mean relative to that of independent rows, at least 1.

    The variance of a total is the sum of squares of customers' total residuals; without dependence it would
    be the sum over rows.

    Parameters
    ----------
    missed
        Outcome less probability, shape `(n,)`.
    owner
        Each row's customer, shape `(n,)`.

    Examples
    --------
    >>> design_effect(np.array([0.5, 0.5, -0.5, -0.5]), np.array([1, 1, 2, 2]))
    2.0
    """
    alone = float(np.sum(missed**2))
    if alone == 0:
        return 1.0
    _, customer = np.unique(owner, return_inverse=True)
    together = float(np.sum(np.bincount(customer, missed) ** 2))
    return max(together / alone, 1.0)
