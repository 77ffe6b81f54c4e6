"""Fits small models on a small demo, once for all the tests that ask what a fitted model does."""

from dataclasses import dataclass
from functools import cache

from models.artifact import FittedModel
from models.assessor import Assessor
from models.boosting import TreeParams
from models.features.build import FeatureBuilder
from models.labels import month_starts
from models.ledger import Ledger
from models.policy.policy import load_policy
from models.rows import Rows, default_rows, late_rows
from pipelines.sources.demo import simulate
from pipelines.training.fit import FitPlan, fit

# One thread: two would wait for each other where tests run side by side.
TREES = TreeParams(max_rounds=40, least_rounds=20, num_leaves=7, max_depth=3, threads=1)


@dataclass(frozen=True)
class Fitted:
    """A demo, its rows, and one model for each target."""

    ledger: Ledger
    builder: FeatureBuilder
    cut: int
    late_rows: Rows
    default_rows: Rows
    late: FittedModel
    default: FittedModel

    @property
    def assessor(self) -> Assessor:
        return Assessor(self.late, self.default, load_policy())


@cache
def fitted() -> Fitted:
    ledger, _ = simulate(300, 30, 3)
    builder = FeatureBuilder.of(ledger)
    cut = int(month_starts(0, int(builder.book.pay_day.max()))[-1])
    late = late_rows(builder, 30, cut, 2_500, 1)
    default = default_rows(builder, cut, 100_000, 1)
    return Fitted(
        ledger,
        builder,
        cut,
        late,
        default,
        fit(late, FitPlan("late30", TREES, quantile_rounds=20)).kept,
        fit(default, FitPlan("default12", TREES)).kept,
    )
