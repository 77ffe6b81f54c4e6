"""From rows to a fitted model, by the ladder of its target: fits of one thread each, side by side."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from threadpoolctl import threadpool_limits

from models.learning.boosting import load_lightgbm
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
    # Products here are small: threads that wait for each other cost several times what they save, above all
    # where other work wants the cores. LightGBM brings SciPy's BLAS in: only what is loaded can be limited.
    load_lightgbm()
    plan = replace(plan, trees=replace(plan.trees, threads=1))
    with threadpool_limits(limits=1, user_api="blas"):
        return fit_default(rows, plan) if plan.target == "default12" else fit_late(rows, plan)
