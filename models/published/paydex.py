"""PAYDEX-like payment index: days late on Dun & Bradstreet's published scale."""

from __future__ import annotations

import itertools
import math

from models.errors import CreditError

PAYDEX_MIN_INVOICES = 3
"""The index is not shown for a customer with fewer paid invoices."""

PAYDEX_POINTS = (
    (-30.0, 100.0),
    (-20.0, 90.0),
    (0.0, 80.0),
    (15.0, 70.0),
    (22.0, 60.0),
    (30.0, 50.0),
    (60.0, 40.0),
    (90.0, 30.0),
    (120.0, 20.0),
)
"""Days late with their index, interpolated linearly (Dun & Bradstreet's published PAYDEX table)."""


def paydex(days_late: float) -> float:
    """Convert amount-weighted days late to the PAYDEX-like index.

    Parameters
    ----------
    days_late
        Days after the due date, weighted by amount; negative when early.

    Returns
    -------
    float
        From 100 (30 days early or more) over 80 (on terms) to 20 (120 days late or more). Callers show it
        only from `PAYDEX_MIN_INVOICES` paid invoices on.

    Raises
    ------
    CreditError
        The days are not finite.

    Examples
    --------
    >>> paydex(0), paydex(26), paydex(500)
    (80.0, 55.0, 20.0)
    """
    if not math.isfinite(days_late):
        raise CreditError(f"days late are {days_late!r}; give a finite number of days")
    days = min(max(float(days_late), PAYDEX_POINTS[0][0]), PAYDEX_POINTS[-1][0])
    for (left, high), (right, low) in itertools.pairwise(PAYDEX_POINTS):
        if days <= right:
            return high + (days - left) * (low - high) / (right - left)
    return PAYDEX_POINTS[-1][1]
