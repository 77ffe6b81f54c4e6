"""Fits small models on a small demo, once for all the tests that ask what a fitted model does."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from models.assessment.assessor import Assessor
from models.features.build import CUSTOMER_FEATURES, FeatureBuilder
from models.learning.additive import AdditiveModel
from models.learning.artifact import FittedModel
from models.learning.boosting import TreeParams, fit_classifier
from models.learning.calibration import fit_calibration
from models.learning.labels import month_starts
from models.learning.rows import DefaultRows, LateRows, TrainingRows, draw_rows
from models.ledger.ledger import Ledger
from models.policy.document import load_policy
from pipelines.demo.simulator import simulate
from pipelines.training.fit import fit
from pipelines.training.plan import FitPlan, known_features

# One thread: two would wait for each other where tests run side by side.
TREES = TreeParams(max_rounds=40, least_rounds=20, num_leaves=7, max_depth=3, threads=1)


@dataclass(frozen=True)
class Fitted:
    """A demo, its rows, one model for each target, and one of default that is trees alone."""

    ledger: Ledger
    builder: FeatureBuilder
    cut: int
    late_rows: TrainingRows
    default_rows: TrainingRows
    late: FittedModel
    default: FittedModel
    trees: FittedModel

    @property
    def trees_rows(self) -> TrainingRows:
        return self.default_rows

    @property
    def assessor(self) -> Assessor:
        return Assessor(self.late, self.default, load_policy())


@cache
def fitted() -> Fitted:
    ledger, _ = simulate(300, 30, 3)
    builder = FeatureBuilder.of(ledger)
    cut = int(month_starts(0, int(builder.book.pay_day.max()))[-1])
    late = draw_rows(builder, LateRows(30, cut, 2_500, 1))
    default = draw_rows(builder, DefaultRows(cut, 100_000, 1))
    return Fitted(
        ledger,
        builder,
        cut,
        late,
        default,
        fit(late, FitPlan("late30", TREES, rounds=20)).kept,
        fit(default, FitPlan("default12", TREES)).kept,
        trees_alone(default),
    )


def trees_alone(rows: TrainingRows) -> FittedModel:
    """Fit LightGBM and nothing else, as models of an earlier version were."""
    features = known_features(rows, CUSTOMER_FEATURES)
    matrix = rows.frame[[one.name for one in features]].to_numpy(np.float64)
    booster = fit_classifier(matrix, rows.label, features, TREES, 20)
    additive = AdditiveModel.of_booster(booster, [one.name for one in features])
    return FittedModel("default12", additive, fit_calibration(additive.margin(matrix), rows.label))
