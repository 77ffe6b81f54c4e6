"""How a target is fitted, and what comes of it: shared by the ladders of both targets."""

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
    """How to fit one target.

    Parameters
    ----------
    shares
        Shares of the four periods: train, stop, calibrate, test.
    masked_share
        Share of the rows repeated with the history masked, in [0, 1].
    rounds
        How many trees late payment takes.
    refit
        Whether the last fit on all rows is made.
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
    """A model for the test period and the model to keep, with the split that made them.

    Parameters
    ----------
    tested
        Learnt from all that precedes the test period.
    kept
        Learnt from every row; the same as `tested` without a test period.
    test_probability
        Answers on the test period, each by a model that had seen neither the period nor, where customers are
        kept apart, the customer; shape `(n_test_rows,)`.
    """

    tested: FittedModel
    kept: FittedModel
    split: PeriodSplit
    test_probability: Floats


def known_features(rows: TrainingRows, features: Sequence[Feature]) -> list[Feature]:
    """Return the features that say anything in these rows: more than one value, missing included."""
    kept = []
    for feature in features:
        values = rows.frame[feature.name].to_numpy()
        known = values[~np.isnan(values)]
        if len(known) and (len(known) < len(values) or known.min() < known.max()):
            kept.append(feature)
    return kept
