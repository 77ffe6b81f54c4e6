"""LightGBM training with this domain's settings: monotone where the sign is known, shallow, seeded."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from models.errors import NotEnoughDataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lightgbm import Booster

    from models.arrays import Floats
    from models.features.table import Feature


@dataclass(frozen=True, slots=True)
class TreeParams:
    """LightGBM's hyperparameters under its own names; a `max_depth` up to 6 stays explainable."""

    learning_rate: float = 0.03
    num_leaves: int = 15
    max_depth: int = 5
    min_data_in_leaf: int = 40
    feature_fraction: float = 0.5
    bagging_fraction: float = 0.8
    lambda_l2: float = 5.0
    max_rounds: int = 600
    patience: int = 50
    least_rounds: int = 80
    threads: int = 2
    seed: int = 7

    def lightgbm(self, features: Sequence[Feature], *, monotone: bool = True) -> dict[str, Any]:
        """Return LightGBM's parameters, with the features' signs as monotone constraints."""
        signs = [feature.sign for feature in features]
        return {
            "learning_rate": self.learning_rate,
            "num_leaves": self.num_leaves,
            "max_depth": self.max_depth,
            "min_data_in_leaf": self.min_data_in_leaf,
            "feature_fraction": self.feature_fraction,
            "bagging_fraction": self.bagging_fraction,
            "bagging_freq": 1,
            "lambda_l2": self.lambda_l2,
            "num_threads": self.threads,
            "seed": self.seed,
            "deterministic": True,
            "force_row_wise": True,
            "verbose": -1,
            **({"monotone_constraints": signs} if monotone and any(signs) else {}),
        }


def load_lightgbm() -> Any:  # noqa: ANN401  # LightGBM is untyped
    """Import LightGBM with passive OpenMP waits.

    Spinning threads slow training several times as soon as other processes use the cores.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    import lightgbm  # noqa: PLC0415  # costs seconds at import

    return lightgbm


def fit_classifier(
    matrix: Floats,
    label: Floats,
    features: Sequence[Feature],
    params: TreeParams,
    rounds: int,
    start: Floats | None = None,
) -> Booster:
    """Train a classifier for a given number of rounds.

    Parameters
    ----------
    matrix, label
        Shape `(n, n_features)` and `(n,)`.
    start
        Initial margins, in log-odds, shape `(n,)`; without them trees start from the rows' base rate.

    Raises
    ------
    NotEnoughDataError
        All rows have the same outcome.
    """
    _check_both(label)
    settings = {"objective": "binary", **params.lightgbm(features)}
    data = _dataset(matrix, label, features)
    if start is not None:
        data.set_init_score(start)
    booster: Booster = load_lightgbm().train(settings, data, rounds)
    return booster


def find_rounds(
    matrix: Floats,
    label: Floats,
    later: tuple[Floats, Floats],
    features: Sequence[Feature],
    params: TreeParams,
) -> Booster:
    """Train with early stopping on later rows; for `least_rounds` where their outcomes are all equal.

    Parameters
    ----------
    later
        Matrix and labels of the later period.
    """
    _check_both(label)
    if later[1].min() == later[1].max():
        return fit_classifier(matrix, label, features, params, params.least_rounds)
    lightgbm = load_lightgbm()
    fitted = _dataset(matrix, label, features)
    booster: Booster = lightgbm.train(
        {"objective": "binary", "metric": "binary_logloss", **params.lightgbm(features)},
        fitted,
        params.max_rounds,
        valid_sets=[_dataset(later[0], later[1], features, like=fitted)],
        callbacks=[lightgbm.early_stopping(params.patience, verbose=False)],
    )
    if booster.best_iteration < params.least_rounds:
        return fit_classifier(matrix, label, features, params, params.least_rounds)
    stopped: Booster = lightgbm.Booster(
        model_str=booster.model_to_string(num_iteration=booster.best_iteration)
    )
    return stopped


def _dataset(matrix: Floats, label: Floats, features: Sequence[Feature], like: Any = None) -> Any:  # noqa: ANN401  # LightGBM is untyped
    codes = [feature.name for feature in features if feature.categorical]
    return load_lightgbm().Dataset(
        matrix,
        label,
        feature_name=[feature.name for feature in features],
        categorical_feature=codes,
        reference=like,
        free_raw_data=False,
        params={"verbose": -1, "feature_pre_filter": False},
    )


def _check_both(label: Floats) -> None:
    bad = int(np.sum(label))
    if bad == 0 or bad == len(label):
        raise NotEnoughDataError(
            f"of {len(label)} rows {bad} are bad: a model needs both outcomes; use a longer ledger"
        )
