"""Plan and result of training a target, shared by both targets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.arrays import Floats
    from models.features.table import Feature
    from models.learning.artifact import FittedModel
    from models.learning.boosting import TreeParams
    from models.learning.rows import TrainingRows
    from pipelines.training.split import PeriodSplit


@dataclass(frozen=True, slots=True)
class FitPlan:
    """Settings for training one target.

    Parameters
    ----------
    shares
        Shares of the four periods: train, stop, calibrate, test.
    masked_share
        Share of the rows repeated with the history masked, in [0, 1].
    rounds
        Number of trees for late payment.
    refit
        Whether to train a final model on all rows.
    """

    target: str
    trees: TreeParams
    shares: tuple[float, float, float, float] = (0.55, 0.15, 0.2, 0.1)
    masked_share: float = 0.2
    rounds: int = 300
    by_customer: bool = False
    refit: bool = True


@dataclass(frozen=True, slots=True)
class Fit:
    """The tested model and the final model, with the split used.

    Parameters
    ----------
    tested
        Trained on all rows before the test period.
    kept
        Trained on all rows; the same as `tested` without a test period.
    test_probability
        Predictions on the test period, each by a model trained neither on the period nor, where customers are
        kept apart, on the customer; shape `(n_test_rows,)`.
    """

    tested: FittedModel
    kept: FittedModel
    split: PeriodSplit
    test_probability: Floats


def known_features(rows: TrainingRows, features: Sequence[Feature]) -> list[Feature]:
    """Return the features that are informative in these rows: with more than one value, missing included."""
    informative = []
    for feature in features:
        values = rows.frame[feature.name].to_numpy()
        known = values[~np.isnan(values)]
        if len(known) and (len(known) < len(values) or known.min() < known.max()):
            informative.append(feature)
    return informative
