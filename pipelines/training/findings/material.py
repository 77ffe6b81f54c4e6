"""What findings are made of: a training's rows, fits and answers, before any of it is measured."""

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
    """A target that was just trained.

    Parameters
    ----------
    rows
        All rows of the target, the test period's last.
    answers
        What was answered on the test period, by name, each of shape `(n_test_rows,)`.
    peek
        What came of making rows again; None where it was not looked at.
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
        """What the model reads, in order."""
        by_name = {feature.name: feature for feature in INVOICE_FEATURES}
        return tuple(by_name[name] for name in self.fitted.kept.features)

    @property
    def seed(self) -> int:
        """Of every draw and sample."""
        return self.plan.trees.seed
