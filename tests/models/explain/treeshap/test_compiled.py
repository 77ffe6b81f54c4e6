import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lightgbm import Booster

from models.errors import ModelError, TooDeepError
from models.explain.treeshap.compiled import ROWS_AT_ONCE, Margins, TreeShap
from models.learning.boosting import load_lightgbm
from tests.models.explain.treeshap.forests import N_FEATURES, PARAMS, Floats, edges, matrix, train
from tests.models.fitted import fitted


def check(booster: Booster, rows: Floats) -> TreeShap:
    """Hold our split of margins against LightGBM's own."""
    shap = TreeShap.of(booster)
    contributions, margin = shap.explain(rows)
    theirs = booster.predict(rows, pred_contrib=True)
    assert np.abs(contributions - theirs[:, :-1]).max() < 1e-5
    assert np.abs(shap.base - theirs[:, -1]).max() < 1e-9
    raw = booster.predict(rows, raw_score=True)
    assert np.allclose(margin, raw, rtol=1e-12, atol=1e-15)
    assert np.array_equal(shap.margin(rows), margin)
    assert np.array_equal(Margins.of(booster).margin(rows), margin)
    largest = 1 + np.abs(contributions).max(axis=1)
    assert (np.abs(contributions.sum(axis=1) + shap.base - margin) <= 1e-9 * largest).all()
    return shap


@settings(max_examples=80)
@given(seed=st.integers(0, 10_000), params=PARAMS)
def test_any_shallow_model_is_split_as_lightgbm_splits_it(seed: int, params: dict[str, Any]):
    booster = train(seed, **params)
    check(booster, edges(seed, booster))


@pytest.mark.parametrize("target", ["late", "default"])
def test_the_house_s_own_models_are_split_as_lightgbm_splits_them(target: str):
    model = getattr(fitted(), target)
    frame = getattr(fitted(), f"{target}_rows").frame
    for trees in model.additive.trees:
        values = [
            np.full(len(frame), trees.fixed[n]) if n in trees.fixed else frame[n] for n in trees.columns
        ]
        check(trees.booster, np.stack(values, axis=1))


@pytest.mark.filterwarnings("ignore")  # shap itself warns at import
def test_shap_s_explainer_says_the_same():
    # It asks LightGBM for the values, so a category that is NaN, negative or unseen goes right here as there.
    import shap

    booster = train(3, rounds=20)
    rows = edges(3, booster)
    theirs = shap.TreeExplainer(booster).shap_values(rows)
    assert np.abs(TreeShap.of(booster).explain(rows)[0] - theirs).max() < 1e-5


def test_margins_are_lightgbm_s_to_the_bit():
    booster = train(1, rounds=60, num_leaves=15, max_depth=5)
    rows = edges(1, booster)
    assert np.array_equal(TreeShap.of(booster).margin(rows), booster.predict(rows, raw_score=True))


def test_tables_of_margins_alone_give_a_row_the_same_as_many_and_refuse_what_is_too_large():
    booster = train(1, rounds=60, num_leaves=15, max_depth=5)
    rows, margins = edges(1, booster), Margins.of(booster)
    alone = np.concatenate([margins.margin(rows[place : place + 1]) for place in range(len(rows))])
    assert np.array_equal(alone, margins.margin(rows))
    assert margins.tables.nbytes < TreeShap.of(booster).tables.nbytes
    with pytest.raises(TooDeepError, match="MB are allowed"):
        Margins.of(booster, most_bytes=8)


def test_trees_deeper_than_their_features_are_many_are_served():
    booster = train(2, num_leaves=200, max_depth=-1, min_data_in_leaf=1, n=2_000)
    check(booster, edges(2, booster))


def test_a_model_that_learnt_nothing_has_its_base_alone():
    booster = train(0, min_data_in_leaf=10_000)
    shap = check(booster, matrix(0, 20))
    contributions, margin = shap.explain(matrix(0, 20))
    assert not contributions.any()
    assert set(margin) == {shap.base}


def test_a_model_without_a_tree_says_zero():
    booster = Booster({"verbose": -1}, load_lightgbm().Dataset(matrix(0, 99), np.arange(99.0)))
    contributions, margin = TreeShap.of(booster).explain(matrix(0, 4))
    assert not contributions.any()
    assert not margin.any()


def test_trees_after_the_best_round_are_left_out_as_lightgbm_leaves_them():
    booster = train(5, rounds=12)
    booster.best_iteration = 7
    check(booster, edges(5, booster))


def test_a_model_read_back_from_its_text_is_split_alike():
    booster = train(6)
    rows = edges(6, booster)
    again = Booster(model_str=booster.model_to_string())
    for ours, read in zip(TreeShap.of(booster).explain(rows), TreeShap.of(again).explain(rows), strict=True):
        assert np.array_equal(ours, read)


def test_no_rows_give_no_rows():
    contributions, margin = TreeShap.of(train(0)).explain(np.empty((0, N_FEATURES)))
    assert contributions.shape == (0, N_FEATURES)
    assert margin.shape == (0,)


@pytest.mark.parametrize(
    "shape", [(3, N_FEATURES - 1), (3, N_FEATURES + 1), (N_FEATURES,), (1, 1, N_FEATURES)]
)
def test_another_number_of_columns_is_refused(shape: tuple[int, ...]):
    with pytest.raises(ModelError, match=f"reads {N_FEATURES} columns"):
        TreeShap.of(train(0)).explain(np.zeros(shape))


def test_rows_in_any_memory_order_and_precision_give_the_same():
    booster = train(8)
    shap, rows = TreeShap.of(booster), matrix(8, 50).astype(np.float32)
    expected = shap.explain(rows.astype(np.float64))
    frozen = np.asfortranarray(rows)
    frozen.flags.writeable = False
    strided = np.repeat(rows, 2, axis=0)[::2]
    for form in (rows, frozen, strided):
        for ours, wanted in zip(shap.explain(form), expected, strict=True):
            assert np.array_equal(ours, wanted)
    assert rows.flags.writeable


def test_the_rows_given_are_not_changed():
    rows = matrix(9, 30)
    before = rows.copy()
    TreeShap.of(train(9)).explain(rows)
    assert np.array_equal(rows, before, equal_nan=True)
    assert rows.flags.writeable


@pytest.mark.parametrize("n", [255, 256, 257, 2 * ROWS_AT_ONCE + 3])
def test_a_row_is_split_alike_alone_and_in_a_batch(n: int):
    shap, rows = TreeShap.of(train(4)), matrix(4, n)
    contributions, margin = shap.explain(rows)
    for place in (0, n // 2, n - 1):
        alone, its_margin = shap.explain(rows[place : place + 1])
        assert np.array_equal(alone[0], contributions[place])
        assert its_margin[0] == margin[place]


def test_several_threads_may_ask_at_once():
    shap, rows = TreeShap.of(train(4)), matrix(4, 3 * ROWS_AT_ONCE)
    expected = shap.explain(rows)[0]
    with ThreadPoolExecutor(8) as threads:
        for found, _ in threads.map(shap.explain, [rows] * 8):
            assert np.array_equal(found, expected)


def test_more_features_above_a_leaf_than_ten_are_refused():
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(3_000, 14))
    lightgbm = load_lightgbm()
    settings = {"verbose": -1, "num_leaves": 400, "min_data_in_leaf": 1, "num_threads": 1}
    booster = lightgbm.train(settings, lightgbm.Dataset(rows, rows.sum(axis=1)), 1)
    with pytest.raises(TooDeepError, match="up to 10 are served"):
        TreeShap.of(booster)


def test_tables_larger_than_allowed_are_refused():
    with pytest.raises(TooDeepError, match="MB are allowed"):
        TreeShap.of(train(0, num_leaves=31), most_bytes=1_000)


def test_no_module_of_ours_imports_numba_before_it_explains(tmp_path: Path):
    told = (
        "import sys, models.explain.treeshap.explainer, models.learning.artifact;"
        "print('numba' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
