"""Training of a target on its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from threadpoolctl import threadpool_limits

from models.learning.boosting import load_lightgbm
from pipelines.training.default_fit import fit_default
from pipelines.training.late_fit import fit_late

if TYPE_CHECKING:
    from models.learning.rows import TrainingRows
    from pipelines.training.plan import Fit, FitPlan


def fit(rows: TrainingRows, plan: FitPlan) -> Fit:
    """Train a target on its rows, however few.

    Raises
    ------
    NotEnoughDataError
        There are no rows.
    ModelError
        The target's days are not an anchor of the curve.
    """
    # Matrix products here are small: synchronizing threads costs several times what it saves, above all on
    # busy cores. LightGBM loads SciPy's BLAS, and only loaded libraries can be limited.
    load_lightgbm()
    with threadpool_limits(limits=1, user_api="blas"):
        return fit_default(rows, plan) if plan.target == "default12" else fit_late(rows, plan)
