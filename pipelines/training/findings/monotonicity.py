"""Monotonicity: whether an increase of a signed feature ever moves the risk in the wrong direction.

Tested on the model: on real rows each signed feature is varied over its quantiles, with the others fixed.
Constraints promise that no step is wrong; here violations are counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from models.arrays import Floats
    from models.features.table import Feature

ROWS = 100
"""Number of rows on which each feature is varied, sampled with a seed."""
STEPS = 9
_ROUNDING = 1e-9
"""Tolerance for rounding errors in the sum of trees."""


@dataclass(frozen=True, slots=True)
class Monotonicity:
    """Number of steps in the wrong direction, and their features."""

    features: int
    rows: int
    steps: int
    violations: int
    by_feature: tuple[tuple[str, int], ...]


def count_violations(
    margin: Callable[[Floats], Floats], matrix: Floats, features: Sequence[Feature], seed: int
) -> Monotonicity:
    """Vary every signed feature over its quantiles and count the steps in the wrong direction.

    Parameters
    ----------
    margin
        The model: log-odds of shape `(n,)` from features of shape `(n, n_features)`.
    matrix
        Real rows, shape `(n_rows, n_features)`.
    features
        Its columns, in order.
    """
    chosen = np.random.default_rng(seed).choice(len(matrix), min(ROWS, len(matrix)), replace=False)
    rows = matrix[np.sort(chosen)]
    steps, wrong = 0, list[tuple[str, int]]()
    signed = [place for place, feature in enumerate(features) if feature.sign]
    for place in signed:
        values = _levels(matrix[:, place])
        if len(values) < 2:
            continue
        asked = np.repeat(rows, len(values), axis=0)
        asked[:, place] = np.tile(values, len(rows))
        margins = margin(asked).reshape(len(rows), len(values))
        missed = int((np.diff(margins, axis=1) * features[place].sign < -_ROUNDING).sum())
        steps += len(rows) * (len(values) - 1)
        if missed:
            wrong.append((features[place].name, missed))
    return Monotonicity(len(signed), len(rows), steps, sum(count for _, count in wrong), tuple(wrong))


def _levels(values: Floats) -> Floats:
    """Return the distinct quantiles of a feature's known values, ascending."""
    known = values[~np.isnan(values)]
    if not len(known):
        return known
    return np.unique(np.quantile(known, np.linspace(0.0, 1.0, STEPS)))
