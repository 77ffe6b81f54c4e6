"""Drift of scores and features from the training period to the test period.

The noise threshold uses the number of customers, not of rows: a customer's rows hardly differ from month to
month, and as independent draws they would make any drift significant. Customers on both sides make the index
smaller than expected, never larger.
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
"""Number of rows sampled from the training period, with a seed."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Drift of a feature, and its share of missing values on either side."""

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
    """Measure the drift of scores between two periods; None where either is empty.

    Parameters
    ----------
    answered_before, answered_now
        Scores of one model on the rows of either period.
    """
    if not len(before) or not len(now):
        return None
    return shift(answered_before, answered_now, draws=(_customers(before), _customers(now)))


def feature_shifts(
    before: TrainingRows, now: TrainingRows, features: Sequence[Feature], seed: int
) -> tuple[Moved, ...]:
    """Measure the drift of each feature, sorted by excess over its threshold; empty if a side is empty."""
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
