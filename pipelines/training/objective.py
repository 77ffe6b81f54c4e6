"""Objective of the hyperparameter search: log loss on rows later than the training rows.

A fold is trained exactly as a model's first fit: it trains, stops early on the newest part of its past, and
predicts the following period. Predictions are not calibrated. Owns the measures of one set of parameters;
`search` selects the sets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.errors import NotEnoughDataError
from models.features.build import CUSTOMER_FEATURES, INVOICE_FEATURES, mask_history
from models.learning.boosting import find_rounds
from pipelines.training.origins import ORIGINS, Fold, rolling_folds
from pipelines.training.plan import known_features

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.arrays import Floats, Ints
    from models.features.table import Feature
    from models.learning.boosting import TreeParams
    from models.learning.rows import TrainingRows
    from pipelines.training.plan import FitPlan

_SMALLEST = 1e-9


@dataclass(frozen=True, slots=True)
class TrialMeasures:
    """Measures of one set of parameters over all rows.

    Parameters
    ----------
    loss
        Mean log loss of all rows.
    by_origin
        Mean log loss at each origin, shape `(n_origins,)`.
    by_customer
        Sum of each customer's log losses, 0 for one without rows, shape `(n_customers,)`.
    """

    loss: float
    by_origin: tuple[float, ...]
    by_customer: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Objective:
    """Rows prepared for training and prediction at each origin.

    Parameters
    ----------
    matrix, blank
        The rows with their history and without, shape `(n_rows, n_features)`.
    label, customer
        The outcome, and the customer's index from 0, shape `(n_rows,)`.
    """

    plan: FitPlan
    features: Sequence[Feature]
    matrix: Floats
    blank: Floats
    label: Floats
    customer: Ints
    folds: tuple[Fold, ...]

    @classmethod
    def of(cls, before: TrainingRows, plan: FitPlan) -> Objective:
        """Prepare the rows that precede the test period.

        Raises
        ------
        NotEnoughDataError
            Too few rows, or a single outcome, at some origin.
        """
        folds = rolling_folds(before.day, before.owner, by_customer=plan.by_customer, seed=plan.trees.seed)
        asked = before.label[np.any([fold.asked for fold in folds], axis=0)]
        if asked.min() == asked.max():
            raise NotEnoughDataError(
                f"all {len(asked)} questions after the first origin have one outcome: nothing tells which "
                "parameters are better; train without --tune, or from a longer ledger"
            )
        features = known_features(before, CUSTOMER_FEATURES if plan.by_customer else INVOICE_FEATURES)
        names = [feature.name for feature in features]
        masked = mask_history(before.frame, np.ones(len(before), dtype=bool))
        matrix, blank = (frame[names].to_numpy(np.float64) for frame in (before.frame, masked))
        customer = np.unique(before.owner, return_inverse=True)[1].astype(np.int64)
        return cls(plan, features, matrix, blank, before.label, customer, folds)

    @property
    def questions(self) -> Ints:
        """Number of rows of each customer predicted over all origins, shape `(n_customers,)`."""
        asked = np.any([fold.asked for fold in self.folds], axis=0)
        counts = np.bincount(self.customer[asked], minlength=int(self.customer.max()) + 1)
        return counts.astype(np.int64)

    def losses(self, fold: Fold, trees: TreeParams) -> Floats:
        """Train a fold and return the log loss of each predicted row, shape `(n_asked,)`."""
        learn = np.flatnonzero(fold.learn)
        count = round(len(learn) * self.plan.masked_share)
        again = learn[np.sort(np.random.default_rng(trees.seed).choice(len(learn), count, replace=False))]
        booster = find_rounds(
            np.concatenate((self.matrix[learn], self.blank[again])),
            np.concatenate((self.label[learn], self.label[again])),
            (self.matrix[fold.stop], self.label[fold.stop]),
            self.features,
            trees,
        )
        probability = np.clip(booster.predict(self.matrix[fold.asked]), _SMALLEST, 1.0 - _SMALLEST)
        label = self.label[fold.asked]
        losses: Floats = -label * np.log(probability) - (1.0 - label) * np.log1p(-probability)
        return losses

    def measured(self, losses: Sequence[Floats]) -> TrialMeasures:
        """Combine the losses of all folds."""
        loss = np.concatenate(losses)
        origin = np.concatenate([np.full(fold.asked.sum(), fold.origin) for fold in self.folds])
        customer = np.concatenate([self.customer[fold.asked] for fold in self.folds])
        by_customer = np.bincount(customer, loss, int(self.customer.max()) + 1)
        return TrialMeasures(
            float(loss.mean()),
            tuple(float(loss[origin == k].mean()) for k in range(ORIGINS)),
            tuple(np.round(by_customer, 8).tolist()),
        )
