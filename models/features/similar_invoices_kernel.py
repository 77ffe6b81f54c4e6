"""Compiled inner loop of `models.features.similar_invoices`: weighted quantiles over a few past invoices.

Only sums, products and quotients in a fixed order: equal inputs give bit-identical results from ledger and
state. Compiled by numba: import this module inside functions only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.compiling import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

LOWEST, HIGHEST = -180, 360
"""Range of the daily histogram of days late; values beyond are clipped."""


@compiled
def weighted_quantiles(
    begins: Ints,
    ends: Ints,
    days_late: Ints,
    weight: Floats,
    cents: Floats,
    asked_weekday: Ints,
    asked_cents: Floats,
    most_others: int,
    others_share: float,
    shares: Floats,
    found: Floats,
    total: Floats,
) -> None:
    """Fill `found`, shape `(n, n_shares)`, and `total`, shape `(n,)`, for rows of queried invoices.

    Parameters
    ----------
    begins, ends
        Range of each row's past invoices by due weekday in `days_late`, `weight` and `cents`, latest last,
        shape `(n, 7)`.
    asked_weekday, asked_cents
        Due weekday and amount of the queried invoice, shape `(n,)`.
    most_others
        Number of invoices of each other weekday that count, each with weight `others_share`.
    """
    counts = np.zeros(HIGHEST - LOWEST + 1)
    for row in range(len(asked_cents)):
        low, high, whole = len(counts), -1, 0.0
        for weekday in range(7):
            same = weekday == asked_weekday[row]
            begin = (
                begins[row, weekday] if same else max(begins[row, weekday], ends[row, weekday] - most_others)
            )
            for place in range(begin, ends[row, weekday]):
                both = cents[place] + asked_cents[row]
                alike = 4.0 * cents[place] * asked_cents[row] / (both * both)
                share = weight[place] * alike * alike * (1.0 if same else others_share)
                late = min(max(days_late[place], LOWEST), HIGHEST) - LOWEST
                counts[late] += share
                whole += share
                low, high = min(low, late), max(high, late)
        total[row] = whole
        reached, wanted = 0.0, 0
        for late in range(low, high + 1):
            reached += counts[late]
            counts[late] = 0.0
            while wanted < len(shares) and reached >= shares[wanted] * whole * (1 - 1e-12):
                found[row, wanted] = late + LOWEST
                wanted += 1
        while wanted < len(shares):
            found[row, wanted] = high + LOWEST if high >= 0 else np.nan
            wanted += 1
