"""Whether one feature alone tells the outcome too well to be known before it.

Each feature is asked three ways: among rows where it is known, with missing values below all others, and with
missing values above. Owns this one check; leaks of other kinds are `leakage`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from models.arrays import Floats

TOO_GOOD = 0.99
"""An AUC above it, in either direction, is too good to be true."""
MIN_CASES = 10
"""The fewest known rows of either outcome; fewer may be told apart by chance."""
ROWS = 20_000
"""How many rows are asked, drawn with a seed."""


@dataclass(frozen=True, slots=True)
class FeatureAuc:
    """How well a feature alone ranks the outcome, in [0.5, 1] whatever its direction."""

    name: str
    auc: float

    @property
    def too_good(self) -> bool:
        """Whether no honest feature ranks so well."""
        return self.auc > TOO_GOOD


def single_features(frame: pd.DataFrame, label: Floats, seed: int) -> tuple[FeatureAuc, ...]:
    """Measure each feature alone, the most telling first; those with too few known rows are left out.

    Parameters
    ----------
    frame, label
        Features of shape `(n, n_features)` and outcomes of shape `(n,)`.
    seed
        Of the choice of rows where there are more than are asked.
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
    """Return the share of pairs, one bad and one good, that values rank right; ties count half.

    None where only one outcome occurs (Mann and Whitney 1947).

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
    """Return ranks from 1, tied values sharing their mean rank; shape `(n,)`."""
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
