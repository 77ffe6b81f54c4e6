"""Split of rows into training, stopping, calibration and test periods, and of customers into folds.

The rows' days are divided into four consecutive periods. For default, folds also keep each customer's rows on
one side: twelve monthly snapshots of one defaulting customer are one event, not twelve.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.errors import NotEnoughDataError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from models.arrays import Ints
    from models.learning.rows import TrainingRows

PARTS = ("train", "stop", "calibrate", "test")


@dataclass(frozen=True, slots=True)
class PeriodSplit:
    """Masks of the four parts, each of shape `(n_rows,)`, and the last day of each period."""

    train: NDArray[np.bool_]
    stop: NDArray[np.bool_]
    calibrate: NDArray[np.bool_]
    test: NDArray[np.bool_]
    last_days: tuple[int, int, int, int]

    def part(self, name: str) -> NDArray[np.bool_]:
        """Return the mask of a part by its name."""
        mask: NDArray[np.bool_] = getattr(self, name)
        return mask


def split(rows: TrainingRows, shares: tuple[float, float, float, float]) -> PeriodSplit:
    """Split rows by time.

    Parameters
    ----------
    shares
        Shares of the rows in the four periods; they sum to 1, and the last may be 0.

    Raises
    ------
    NotEnoughDataError
        A part with a positive share would be empty.
    """
    ends = _period_ends(rows.day, shares)
    period = np.searchsorted(ends[:3], rows.day, side="left")
    masks = [period == index for index in range(4)]
    for name, share, mask in zip(PARTS, shares, masks, strict=True):
        if share > 0 and not mask.any():
            raise NotEnoughDataError(
                f"no row falls in the period '{name}' ({len(rows)} rows in all): the ledger is too short; "
                "use more months or a later cut"
            )
    return PeriodSplit(masks[0], masks[1], masks[2], masks[3], ends)


def _period_ends(day: Ints, shares: tuple[float, float, float, float]) -> tuple[int, int, int, int]:
    if not len(day):
        raise NotEnoughDataError("no row can be labelled yet: the ledger is too short; use a later cut")
    days = np.unique(day)
    ends = [int(days[-1])] * 4
    for index, bound in reversed(list(enumerate(np.cumsum(shares)[:3]))):
        earlier = days[days < ends[index + 1]] if shares[index + 1] > 0 else days
        latest = int(earlier[-1]) if len(earlier) else int(days[0])
        ends[index] = min(int(np.quantile(day, min(bound, 1.0), method="lower")), latest)
    return ends[0], ends[1], ends[2], ends[3]


def customer_folds(owner: Ints, count: int, seed: int) -> Ints:
    """Assign each customer one of `count` folds by a hash of its code, the same for all its rows.

    Examples
    --------
    >>> fold = customer_folds(np.array([3, 3, 8]), 5, 1)
    >>> bool(fold[0] == fold[1])
    True
    """
    mixed = (owner.astype(np.uint64) + np.uint64(seed + 1)) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    return ((mixed >> np.uint64(11)) % np.uint64(count)).astype(np.int64)
