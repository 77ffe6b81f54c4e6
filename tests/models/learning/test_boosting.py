import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import NotEnoughDataError
from models.features.table import Feature
from models.learning.boosting import TreeParams, find_rounds, fit_classifier
from tests.models.fitted import TREES


def a_feature(name: str, sign: int = 0, *, code: bool = False) -> Feature:
    return Feature(name, "ratio", -np.inf, np.inf, sign, "company", "size", name, name, categorical=code)


FEATURES = [a_feature("up", 1), a_feature("down", -1), a_feature("free"), a_feature("code", code=True)]


def a_sample(seed: int, rows: int = 1_500):
    """Draw rows whose outcome goes against the declared signs here and there."""
    rng = np.random.default_rng(seed)
    matrix = rng.normal(size=(rows, 4))
    matrix[:, 3] = rng.integers(0, 4, rows)
    matrix[rng.random((rows, 4)) < 0.05] = np.nan
    clean = np.nan_to_num(matrix)
    score = np.sin(3 * clean[:, 0]) + clean[:, 0] - clean[:, 1] + np.cos(4 * clean[:, 1]) + clean[:, 2]
    label = (rng.random(rows) < 1 / (1 + np.exp(-score))).astype(float)
    return matrix, label


MATRIX, LABEL = a_sample(1)
BOOSTER = fit_classifier(MATRIX, LABEL, FEATURES, TREES, 40)


@settings(max_examples=60, deadline=None)
@given(
    row=st.tuples(*(st.floats(-4, 4) for _ in range(3)), st.integers(0, 4)),
    more=st.floats(0, 8),
    which=st.sampled_from([0, 1]),
)
def test_raising_an_input_moves_the_margin_only_the_way_its_sign_says(
    row: tuple[float, float, float, int], more: float, which: int
):
    here = np.array([row], dtype=np.float64)
    there = here.copy()
    there[0, which] += more
    before, after = (float(BOOSTER.predict(one, raw_score=True)[0]) for one in (here, there))
    assert (after - before) * FEATURES[which].sign >= -1e-12


def test_the_same_seed_gives_the_same_trees():
    again = fit_classifier(MATRIX, LABEL, FEATURES, TREES, 40)
    assert again.model_to_string() == BOOSTER.model_to_string()


def test_no_tree_is_deeper_than_asked():
    assert BOOSTER.trees_to_dataframe()["node_depth"].max() <= TREES.max_depth + 1


def test_fitting_stops_where_later_rows_gain_nothing():
    noise = np.random.default_rng(0).integers(0, 2, len(LABEL)).astype(float)
    params = TreeParams(max_rounds=400, least_rounds=10, patience=10, threads=1)
    booster = find_rounds(MATRIX, noise, a_sample(2), FEATURES, params)
    assert 10 <= booster.num_trees() < 400


def test_a_useful_signal_takes_more_than_the_least_rounds():
    params = TreeParams(max_rounds=300, least_rounds=10, patience=20, threads=1)
    assert find_rounds(MATRIX, LABEL, a_sample(2), FEATURES, params).num_trees() > 30


@pytest.mark.parametrize("outcome", [0.0, 1.0])
def test_one_outcome_alone_cannot_be_learnt(outcome: float):
    with pytest.raises(NotEnoughDataError, match="needs both outcomes"):
        fit_classifier(MATRIX, np.full(len(MATRIX), outcome), FEATURES, TREES, 5)


@pytest.mark.parametrize("outcome", [0.0, 1.0])
def test_a_later_period_of_one_outcome_cannot_tell_and_gives_the_least_rounds(outcome: float):
    later = (MATRIX, np.full(len(MATRIX), outcome))
    assert find_rounds(MATRIX, LABEL, later, FEATURES, TREES).num_trees() == TREES.least_rounds


def test_constraints_are_left_out_where_no_sign_is_known():
    assert "monotone_constraints" not in TREES.lightgbm([a_feature("free")])
    assert TREES.lightgbm(FEATURES)["monotone_constraints"] == [1, -1, 0, 0]
    assert "monotone_constraints" not in TREES.lightgbm(FEATURES, monotone=False)
