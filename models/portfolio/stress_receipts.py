"""Receipts of the coming weeks under a stress scenario.

Owns what a scenario does to them: payments come later by its days, and a customer pays as long as it does not
default. The forecast before the scenario has the customer's present risk in it, so that only the added
probability of default takes from it, week by week with a constant hazard; who fails by the scenario pays
nothing. A smaller probability adds nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.portfolio.payment_weeks import WEEKS, delayed

if TYPE_CHECKING:
    from models.arrays import Floats

_YEARS = (np.arange(WEEKS) + 0.5) * 7 / 365
"""From the night to the middle of each week."""


def stressed_receipts(receipts_eur: Floats, pd_before: Floats, pd_after: Floats, delay_days: float) -> Floats:
    """Return each customer's expected receipts by week under a scenario, shape `(n, WEEKS)`.

    Parameters
    ----------
    receipts_eur
        Those expected without it, shape `(n, WEEKS)`.
    pd_before, pd_after
        Probabilities of default within 12 months, shape `(n,)`; 1 for one that has failed.

    Examples
    --------
    >>> week = np.array([[100.0] + [0.0] * 12])
    >>> stressed_receipts(week, np.array([0.1]), np.array([1.0]), 0.0)[0, :1].tolist()
    [0.0]
    >>> stressed_receipts(week, np.array([0.1]), np.array([0.1]), 7.0)[0, :2].tolist()
    [0.0, 100.0]
    """
    alive_before, alive_after = 1.0 - pd_before, 1.0 - pd_after
    known = alive_before > 0.0
    share = np.where(known, alive_after / np.where(known, alive_before, 1.0), 1.0)
    paying = np.minimum(share, 1.0)[:, None] ** _YEARS
    found: Floats = delayed(receipts_eur, delay_days) * paying
    return found
