"""A margin as a sum of components: what each adds, and that the shares of a row add up to its margin."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import ModelError
from models.learning.additive import (
    AdditiveModel,
    Boosted,
    Line,
    Steps,
    columns_read,
    simple_document,
    simple_of,
)
from models.learning.boosting import load_lightgbm

NAMES = ("a", "b", "c", "asked")
FEATURES = ("d", "c", "a", "b")


def rows(seed: int, count: int = 400) -> np.ndarray:
    """Draw rows of `FEATURES`, some values unknown."""
    rng = np.random.default_rng(seed)
    drawn = np.round(rng.normal(size=(count, len(FEATURES))), 1)
    drawn[rng.random(drawn.shape) < 0.15] = np.nan
    return drawn


@cache
def booster():
    """Fit trees in which the column `asked` takes part with every other."""
    rng = np.random.default_rng(0)
    matrix = np.concatenate((rows(1, 3_000)[:, :3], rng.choice([0.0, 5.0, 30.0], (3_000, 1))), axis=1)
    known = np.nan_to_num(matrix)
    target = known[:, 0] * known[:, 3] / 10 + known[:, 1] * known[:, 2] - 0.05 * known[:, 3]
    lightgbm = load_lightgbm()
    wanted = {"num_leaves": 15, "max_depth": 4, "num_threads": 1, "verbose": -1}
    return lightgbm.train(wanted, lightgbm.Dataset(matrix, target), 15)


def boosted(days: float, weight: float = 0.6) -> Boosted:
    return Boosted("trees", booster(), NAMES, weight, {"asked": days})


def summed(days: float = 5.0) -> AdditiveModel:
    line, steps = Line("habit", "d", 0.8, 1.0), Steps("public", "a", (-1.0, 0.5), (-0.3, 0.1, 0.4), 0.05)
    return AdditiveModel(-1.25, FEATURES, (line, steps), (boosted(days),))


def matrix_for_trees(matrix: np.ndarray, days: float) -> np.ndarray:
    place = {name: column for column, name in enumerate(FEATURES)}
    asked = [np.full(len(matrix), days) if name == "asked" else matrix[:, place[name]] for name in NAMES]
    return np.stack(asked, axis=1)


@given(seed=st.integers(0, 1_000), days=st.sampled_from([-3.0, 0.0, 5.0, 30.0, 90.0]))
def test_base_and_contributions_add_up_to_the_margin(seed: int, days: float):
    additive, matrix = summed(days), rows(seed, 40)
    contributions, margins = additive.explain(matrix)
    assert contributions.shape == matrix.shape
    assert np.abs(additive.base + contributions.sum(axis=1) - margins).max() < 1e-9
    assert np.abs(additive.margin(matrix) - margins).max() < 1e-12


@pytest.mark.parametrize("days", [-3.0, 0.0, 5.0, 17.0, 30.0])
def test_a_margin_is_start_line_steps_and_what_lightgbm_says_with_the_column_so_fixed(days: float):
    matrix = rows(3)
    said = booster().predict(matrix_for_trees(matrix, days), raw_score=True)
    expected = np.empty(len(matrix))
    for row, (d, _, a, _) in enumerate(matrix):
        line = 0.0 if np.isnan(d) else 0.8 * (d - 1.0)
        step = 0.05 if np.isnan(a) else -0.3 if a < -1.0 else 0.1 if a < 0.5 else 0.4
        expected[row] = -1.25 + line + step + 0.6 * said[row]
    assert np.abs(summed(days).margin(matrix) - expected).max() < 1e-12


@pytest.mark.parametrize("days", [-3.0, 0.0, 5.0, 17.0, 30.0])
def test_explaining_with_a_column_fixed_gives_lightgbm_s_prediction_with_that_column_set(days: float):
    matrix = matrix_for_trees(rows(4), days)
    split, margins = boosted(days).explainer.get().explain(matrix)
    assert np.array_equal(margins, booster().predict(matrix, raw_score=True))
    assert not split[:, NAMES.index("asked")].any()
    # Whatever the column holds in the rows: it is fixed.
    matrix[:, NAMES.index("asked")] = np.nan
    again, same = boosted(days).explainer.get().explain(matrix)
    assert np.array_equal(again, split)
    assert np.array_equal(same, margins)


def test_a_column_fixed_at_two_values_explains_two_margins():
    matrix = rows(5)
    assert np.abs(summed(0.0).margin(matrix) - summed(30.0).margin(matrix)).max() > 0.1


def test_an_unknown_value_adds_nothing_by_a_line_and_its_own_step_by_steps():
    assert Line("habit", "a", 2.0, 1.0).add(np.array([np.nan, 1.0, 3.0])).tolist() == [0.0, 0.0, 4.0]
    steps = Steps("public", "a", (0.0, 10.0), (-1.0, 0.0, 1.0), 0.5)
    assert steps.add(np.array([np.nan, -np.inf, np.inf])).tolist() == [0.5, -1.0, 1.0]


def test_a_value_equal_to_an_edge_is_beyond_it():
    steps = Steps("public", "a", (0.0, 10.0), (-1.0, 0.0, 1.0))
    assert steps.add(np.array([-1e-9, 0.0, 10.0 - 1e-9, 10.0])).tolist() == [-1.0, 0.0, 0.0, 1.0]


def test_a_row_that_knows_nothing_is_answered():
    contributions, margins = summed().explain(np.full((1, 4), np.nan))
    assert np.isfinite(margins).all()
    assert contributions[0, FEATURES.index("d")] == 0.0


def test_no_row_gets_no_margin():
    contributions, margins = summed().explain(np.empty((0, 4)))
    assert contributions.shape == (0, 4)
    assert margins.shape == (0,)


def test_trees_alone_are_explained_as_lightgbm_explains_them_to_its_own_digits():
    plain, matrix = AdditiveModel.of_booster(booster(), NAMES), matrix_for_trees(rows(6), 5.0)
    theirs = booster().predict(matrix, pred_contrib=True)
    contributions, margins = plain.explain(matrix)
    assert np.array_equal(margins, booster().predict(matrix, raw_score=True))
    assert np.array_equal(plain.margin(matrix), margins)
    assert np.abs(contributions - theirs[:, :-1]).max() < 1e-5
    assert abs(plain.base - theirs[0, -1]) < 1e-9


def test_features_may_stand_in_any_order():
    matrix, turned = rows(7), FEATURES[::-1]
    one, other = summed(), replace(summed(), features=turned)
    assert np.array_equal(other.margin(matrix[:, ::-1]), one.margin(matrix))
    assert np.array_equal(other.explain(matrix[:, ::-1])[0][:, ::-1], one.explain(matrix)[0])


def test_a_column_that_two_components_read_gets_what_both_add():
    matrix = rows(8)
    one, two = Line("habit", "a", 0.5), Line("public", "a", 0.25, 1.0)
    contributions, _ = AdditiveModel(0.0, FEATURES, (one, two)).explain(matrix)
    place = FEATURES.index("a")
    assert np.array_equal(contributions[:, place], one.add(matrix[:, place]) + two.add(matrix[:, place]))


def test_a_component_that_reads_what_is_no_feature_is_refused():
    with pytest.raises(ModelError, match="reads 'e', which the features lack"):
        AdditiveModel(0.0, FEATURES, (Line("habit", "e", 1.0),))
    with pytest.raises(ModelError, match="reads 'asked', which the features lack"):
        AdditiveModel(0.0, FEATURES, (), (Boosted("trees", booster(), NAMES),))


def test_what_is_fixed_is_no_feature_and_gains_nothing():
    assert columns_read(summed().simple, summed().trees) == ("a", "b", "c", "d")
    gains = dict(zip(FEATURES, summed().gains(), strict=True))
    assert gains["d"] > 0
    assert gains["a"] > gains["c"] > 0
    assert sum(booster().feature_importance("gain")[:3]) * 0.6 == pytest.approx(
        gains["a"] + gains["b"] + gains["c"] - gains["d"]
    )


@pytest.mark.parametrize("one", summed().simple, ids=lambda one: type(one).__name__)
def test_lines_and_steps_come_back_from_their_documents(one: Line | Steps):
    assert simple_of(simple_document(one)) == one
