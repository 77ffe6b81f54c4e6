"""Inputs of the evaluation: a training's rows, fits and predictions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.features.build import INVOICE_FEATURES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.arrays import Floats
    from models.features.table import Feature
    from models.learning.rows import TrainingRows
    from models.policy.document import Policy
    from pipelines.training.challenger import Challenger
    from pipelines.training.findings.peek import Peek
    from pipelines.training.plan import Fit, FitPlan


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """Inputs for the evaluation of a newly trained target.

    Parameters
    ----------
    rows
        All rows of the target, the test period's last.
    answers
        Predictions on the test period, by name, each of shape `(n_test_rows,)`.
    peek
        Result of the look-ahead check; None where it was not run.
    """

    plan: FitPlan
    rows: TrainingRows
    fitted: Fit
    challenger: Challenger
    answers: Mapping[str, Floats]
    policy: Policy
    peek: Peek | None

    @property
    def test(self) -> TrainingRows:
        """The rows of the test period."""
        return self.rows.take(self.fitted.split.test)

    @property
    def features(self) -> tuple[Feature, ...]:
        """Features of the model, in order."""
        by_name = {feature.name: feature for feature in INVOICE_FEATURES}
        return tuple(by_name[name] for name in self.fitted.kept.features)

    @property
    def seed(self) -> int:
        """Seed of all draws and samples."""
        return self.plan.trees.seed
