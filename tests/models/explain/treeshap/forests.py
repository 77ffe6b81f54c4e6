"""Small LightGBM models of every kind the house might meet, and rows that lie on every edge."""

import numpy as np
from hypothesis import strategies as st
from lightgbm import Booster
from numpy.typing import NDArray

from models.learning.boosting import load_lightgbm

Floats = NDArray[np.float64]
N_FEATURES = 6
CODED = [4, 5]
EDGES = [np.nan, 0.0, -0.0, 1e-36, -1e-36, 1e-35, -1e-35, 2e-35, np.inf, -np.inf, 1e300, -1e300]
CODES = [
    np.nan,
    -1.0,
    -0.5,
    0.0,
    0.7,
    3.0,
    11.0,
    12.0,
    63.0,
    64.0,
    99.0,
    1e10,
    -1e10,
    np.inf,
    -np.inf,
    2.0**31,
]


def matrix(seed: int, n: int) -> Floats:
    """Numbers with ties, zeros and NaN in four columns, categories with NaN in two."""
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(n, N_FEATURES))
    rows[:, 1] = np.round(rows[:, 1] * 2)
    rows[rng.random(rows.shape) < 0.15] = 0.0
    rows[:, 4] = rng.integers(0, 12, n)
    rows[:, 5] = rng.choice([0, 1, 2, 31, 32, 33, 63, 64, 65, 90], n)
    rows[:, [0, 2, 5]] = np.where(rng.random((n, 3)) < 0.2, np.nan, rows[:, [0, 2, 5]])
    return rows


def edges(seed: int, booster: Booster, n: int = 150) -> Floats:
    """Rows of edge cases and of the model's own thresholds, beside ordinary ones."""
    rng = np.random.default_rng(seed)
    rows = matrix(seed + 1, n)
    lines = booster.model_to_string().splitlines()
    told = [float(word) for line in lines if line.startswith("threshold=") for word in line[10:].split()]
    thresholds = np.array([*EDGES, *told])
    near = rng.choice(np.concatenate([thresholds, np.nextafter(thresholds, np.inf)]), rows.shape)
    rows = np.where(rng.random(rows.shape) < 0.4, near, rows)
    codes = rng.choice(CODES, (n, 2))
    rows[:, CODED] = np.where(rng.random((n, 2)) < 0.5, codes, rows[:, CODED])
    return rows


def train(seed: int, rounds: int = 5, n: int = 400, **params: object) -> Booster:
    """Fit a model whose target hangs on every column, missing ones too."""
    rows = matrix(seed, n)
    rng = np.random.default_rng(seed + 7)
    filled = np.nan_to_num(rows, nan=0.7)
    target = filled[:, 0] * filled[:, 1] + np.isin(rows[:, 4], [1, 5, 6]) + np.isin(rows[:, 5], [0, 33, 90])
    target += filled[:, 2] + filled[:, 3] + 2.0 * np.isnan(rows[:, 0]) + rng.normal(size=n) * 0.2
    settings = {
        "objective": "binary",
        "verbose": -1,
        "num_threads": 1,
        "seed": seed,
        "deterministic": True,
        "min_data_in_leaf": 2,
        "min_data_per_group": 2,
        "cat_smooth": 1.0,
        **params,
    }
    if settings["objective"] == "binary":
        target = (target > np.median(target)).astype(np.float64)
    if settings["objective"] == "multiclass":
        target = np.digitize(target, np.quantile(target, [0.3, 0.6])).astype(np.float64)
    given = load_lightgbm().Dataset(rows, target, categorical_feature=CODED, params={"verbose": -1})
    booster: Booster = load_lightgbm().train(settings, given, rounds)
    return booster


PARAMS = st.fixed_dictionaries(
    {
        "objective": st.sampled_from(["binary", "regression"]),
        "max_depth": st.integers(1, 6),
        "num_leaves": st.integers(2, 31),
        "min_data_in_leaf": st.integers(1, 30),
        "max_cat_to_onehot": st.sampled_from([1, 4, 100]),
        "use_missing": st.booleans(),
        "zero_as_missing": st.booleans(),
        "boost_from_average": st.booleans(),
        "boosting": st.sampled_from(["gbdt", "dart", "rf"]),
        "bagging_fraction": st.just(0.7),
        "bagging_freq": st.just(1),
    }
)
"""Everything in LightGBM's parameters that changes how a tree is read."""
