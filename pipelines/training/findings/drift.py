"""How far scores and features have moved from what the model was made on to the test period.

Sizes in the bar are those of customers, not of rows: a customer's rows hardly differ from month to month, and
taken for independent draws they would make any movement look sure. Customers on both sides make the index
smaller than the bar expects, never larger.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipelines.training.stability import Shift, shift

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.arrays import Floats
    from models.features.table import Feature
    from models.learning.rows import TrainingRows

ROWS = 20_000
"""How many rows stand for what the model was made on, drawn with a seed."""


@dataclass(frozen=True, slots=True)
class Moved:
    """How far a feature has moved, and the share of it that is missing on either side."""

    name: str
    index: float
    bar: float
    bins: int
    shifted: bool
    missing_before: float
    missing_now: float


def score_shift(
    before: TrainingRows, now: TrainingRows, answered_before: Floats, answered_now: Floats
) -> Shift | None:
    """Say how far answers moved from one period to the next; None where either is empty.

    Parameters
    ----------
    answered_before, answered_now
        What one model answered on the rows of either period.
    """
    if not len(before) or not len(now):
        return None
    return shift(answered_before, answered_now, draws=(_customers(before), _customers(now)))


def feature_shifts(
    before: TrainingRows, now: TrainingRows, features: Sequence[Feature], seed: int
) -> tuple[Moved, ...]:
    """Say how far each feature moved, the farthest beyond its bar first; nothing where a side is empty."""
    if not len(before) or not len(now):
        return ()
    draws = (_customers(before), _customers(now))
    if len(before) > ROWS:
        before = before.take(np.sort(np.random.default_rng(seed).choice(len(before), ROWS, replace=False)))
    found = []
    for feature in features:
        was, is_now = (side.frame[feature.name].to_numpy(np.float64) for side in (before, now))
        moved = shift(was, is_now, categorical=feature.categorical, draws=draws)
        missing = float(np.isnan(was).mean()), float(np.isnan(is_now).mean())
        found.append(Moved(feature.name, moved.index, moved.bar, moved.bins, moved.shifted, *missing))
    return tuple(sorted(found, key=lambda one: one.bar - one.index))


def _customers(rows: TrainingRows) -> int:
    return len(np.unique(rows.owner))
