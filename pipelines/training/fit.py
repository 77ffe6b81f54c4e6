"""From rows to a fitted model, by the ladder of its target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.training.default_ladder import fit_default
from pipelines.training.late_fit import fit_late

if TYPE_CHECKING:
    from models.learning.rows import TrainingRows
    from pipelines.training.plan import Fit, FitPlan


def fit(rows: TrainingRows, plan: FitPlan) -> Fit:
    """Fit a target on its rows, however few.

    Raises
    ------
    NotEnoughDataError
        There is no row at all.
    ModelError
        The days asked about are no anchor of the curve.
    """
    return fit_default(rows, plan) if plan.target == "default12" else fit_late(rows, plan)
