"""Leakage of single features: whether one feature alone predicts the outcome implausibly well.

Each feature is tested three ways: on rows where it is known, with missing values ranked lowest, and ranked
highest. Owns this one check; `leakage` tests other kinds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from models.arrays import Floats

TOO_GOOD = 0.99
"""Largest plausible AUC, in either direction."""
MIN_CASES = 10
"""Smallest number of known rows of either outcome; fewer may be separated by chance."""
ROWS = 20_000
"""Largest number of rows used, sampled with a seed."""


@dataclass(frozen=True, slots=True)
class FeatureAuc:
    """AUC of a feature alone, in [0.5, 1] regardless of direction."""

    name: str
    auc: float

    @property
    def too_good(self) -> bool:
        """Whether the AUC is implausibly high."""
        return self.auc > TOO_GOOD


def single_features(frame: pd.DataFrame, label: Floats, seed: int) -> tuple[FeatureAuc, ...]:
    """Measure each feature alone, highest AUC first; those with too few known rows are left out.

    Parameters
    ----------
    frame, label
        Features of shape `(n, n_features)` and outcomes of shape `(n,)`.
    seed
        Seed for the sample of rows.
    """
    if len(frame) > ROWS:
        chosen = np.sort(np.random.default_rng(seed).choice(len(frame), ROWS, replace=False))
        frame, label = frame.iloc[chosen], label[chosen]
    measured = []
    for name in frame:
        auc = _best_auc(frame[name].to_numpy(np.float64), label)
        if auc is not None:
            measured.append(FeatureAuc(str(name), auc))
    return tuple(sorted(measured, key=lambda one: -one.auc))


def auc_by_ranks(values: Floats, label: Floats) -> float | None:
    """Return the share of pairs, one bad and one good, ranked correctly; ties count half.

    None if all rows have the same outcome (Mann and Whitney 1947).

    Examples
    --------
    >>> auc_by_ranks(np.array([1.0, 2.0, 2.0, 3.0]), np.array([0.0, 0.0, 1.0, 1.0]))
    0.875
    """
    bad = float(label.sum())
    good = len(label) - bad
    if not bad or not good:
        return None
    ranks = middle_ranks(values)
    return float((ranks[label == 1].sum() - bad * (bad + 1) / 2) / (bad * good))


def middle_ranks(values: Floats) -> Floats:
    """Return ranks from 1, with tied values sharing their mean rank; shape `(n,)`."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    middle: Floats = (last - (count - 1) / 2)[place]
    return middle


def _best_auc(values: Floats, label: Floats) -> float | None:
    known = ~np.isnan(values)
    bad = label[known].sum()
    found = []
    if min(bad, known.sum() - bad) >= MIN_CASES:
        found.append(auc_by_ranks(values[known], label[known]))
    if not known.all() and min(label.sum(), (1 - label).sum()) >= MIN_CASES:
        found += [auc_by_ranks(np.nan_to_num(values, nan=end), label) for end in (-np.inf, np.inf)]
    aucs = [max(auc, 1 - auc) for auc in found if auc is not None]
    return max(aucs) if aucs else None
