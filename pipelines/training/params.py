"""Hyperparameters: typed contents of `params.yaml`; a missing file means the defaults.

Business rules are in the policy, the environment in the settings.
"""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # pydantic reads it
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models.errors import ModelError
from models.learning.boosting import TreeParams
from pipelines.training.plan import FitPlan

ClosedShare = Annotated[float, Field(ge=0, le=1)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SimulateParams(_Section):
    """The demo portfolio."""

    customers: int = Field(2000, ge=1)
    months: int = Field(36, ge=1)
    seed: int = 7


class TrainParams(_Section):
    """Training of one target; see `FitPlan` and `models.learning.boosting.TreeParams`."""

    most_rows: int = Field(80_000, ge=100)
    shares: tuple[ClosedShare, ClosedShare, ClosedShare, ClosedShare] = (0.55, 0.15, 0.2, 0.1)
    masked_share: ClosedShare = 0.2
    rounds: int = Field(200, ge=1)
    learning_rate: float = Field(0.03, gt=0, le=1)
    num_leaves: int = Field(15, ge=2, le=64)
    max_depth: int = Field(5, ge=1, le=6)
    min_data_in_leaf: int = Field(40, ge=1)
    feature_fraction: float = Field(0.5, gt=0, le=1)
    bagging_fraction: float = Field(0.8, gt=0, le=1)
    lambda_l2: float = Field(5.0, ge=0)
    max_rounds: int = Field(600, ge=1)
    seed: int = 7

    def plan(self, target: str) -> FitPlan:
        """Return the plan to fit a target."""
        trees = TreeParams(
            learning_rate=self.learning_rate,
            num_leaves=self.num_leaves,
            max_depth=self.max_depth,
            min_data_in_leaf=self.min_data_in_leaf,
            feature_fraction=self.feature_fraction,
            bagging_fraction=self.bagging_fraction,
            lambda_l2=self.lambda_l2,
            max_rounds=self.max_rounds,
            seed=self.seed,
        )
        return FitPlan(
            target,
            trees,
            self.shares,
            self.masked_share,
            self.rounds,
            by_customer=target == "default12",
        )


class LateParams(TrainParams):
    """Late payment."""

    feature_fraction: float = Field(0.25, gt=0, le=1)
    rounds: int = Field(300, ge=1)
    days: int = Field(30, ge=0, le=365)


class DefaultParams(TrainParams):
    """Default within 12 months."""

    shares: tuple[ClosedShare, ClosedShare, ClosedShare, ClosedShare] = (0.5, 0.15, 0.2, 0.15)
    learning_rate: float = Field(0.015, gt=0, le=1)
    max_rounds: int = Field(1_200, ge=1)
    every_months: int = Field(1, ge=1, le=12)


class MonitorParams(_Section):
    """Conditions for retraining; see `pipelines.monitoring.verdict`.

    Parameters
    ----------
    window_days
        Number of days whose rows are compared with the reference; they always include a month start.
    most_rows
        Largest number of rows, sampled at random beyond.
    cases
        Smallest number of rows of either outcome to measure an AUC.
    score_psi, drift_psi
        Thresholds of the population stability index, for the scores and for an input.
    drifted_share
        Tolerated share of the model's inputs beyond `drift_psi`.
    gap_share
        Tolerated gap between predicted and realised share, relative to the latter, even if significant.
    age_days
        Largest age of the model's last training outcome.
    draws, seed
        Bootstrap draws of the intervals of the AUC, and their seed.
    """

    window_days: int = Field(90, ge=31)
    most_rows: int = Field(40_000, ge=100)
    cases: int = Field(30, ge=1)
    score_psi: float = Field(0.25, gt=0)
    drift_psi: float = Field(0.25, gt=0)
    drifted_share: ClosedShare = 0.25
    gap_share: float = Field(0.2, ge=0)
    age_days: int = Field(365, ge=1)
    draws: int = Field(500, ge=50)
    seed: int = 7


class Params(_Section):
    """All contents of `params.yaml`."""

    simulate: SimulateParams = SimulateParams()
    late: LateParams = LateParams()
    default: DefaultParams = DefaultParams()
    monitor: MonitorParams = MonitorParams()


def load_params(path: Path) -> Params:
    """Read hyperparameters.

    Raises
    ------
    ModelError
        The file contains invalid values; all faults are listed by key.
    """
    if not path.is_file():
        return Params()
    import yaml  # noqa: PLC0415

    try:
        return Params.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
    except (ValidationError, yaml.YAMLError) as error:
        faults = (
            "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
            if isinstance(error, ValidationError)
            else str(error)
        )
        raise ModelError(f"{path} cannot be used: {faults}") from error
