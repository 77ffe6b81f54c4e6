import copy
import logging
import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from lightgbm import Booster

from models.errors import ModelError
from models.explain.treeshap.compiled import TreeShap
from models.explain.treeshap.explainer import (
    LazyExplainer,
    LazyMargins,
    PredictContrib,
    explainer_of,
)
from models.learning.boosting import load_lightgbm
from tests.models.explain.treeshap.forests import N_FEATURES, Floats, edges, matrix, train


def deep() -> tuple[Booster, Floats]:
    """A model with leaves below more than ten features, and rows for it."""
    rows = np.random.default_rng(0).normal(size=(2_000, 14))
    lightgbm = load_lightgbm()
    settings = {"verbose": -1, "num_leaves": 400, "min_data_in_leaf": 1, "num_threads": 1}
    return lightgbm.train(settings, lightgbm.Dataset(rows, rows.sum(axis=1)), 1), rows[:40]


def test_shallow_trees_are_explained_by_our_tables():
    assert explainer_of(train(0)).exact_by == "treeshap"


def test_trees_too_deep_are_explained_by_lightgbm_which_is_logged(caplog: pytest.LogCaptureFixture):
    booster, rows = deep()
    with caplog.at_level(logging.WARNING):
        found = explainer_of(booster)
    assert found.exact_by == "pred_contrib"
    assert "far slower: a leaf hangs on 1" in caplog.text
    contributions, margin = found.explain(rows)
    assert np.array_equal(contributions, booster.predict(rows, pred_contrib=True)[:, :-1])
    assert np.abs(contributions.sum(axis=1) + found.base - margin).max() < 1e-9


def test_tables_too_large_are_explained_by_lightgbm_which_is_logged(caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.WARNING):
        assert explainer_of(train(0), most_bytes=100).exact_by == "pred_contrib"
    assert "MB are allowed" in caplog.text


def test_both_explainers_answer_alike():
    booster = train(1)
    rows = edges(1, booster)
    ours, theirs = TreeShap.of(booster), PredictContrib.of(booster)
    assert ours.base == pytest.approx(theirs.base, abs=1e-12)
    for one, other in zip(ours.explain(rows), theirs.explain(rows), strict=True):
        assert one.shape == other.shape
        assert np.allclose(one, other, atol=1e-9)
    for one, other in zip(ours.explain(rows[:0]), theirs.explain(rows[:0]), strict=True):
        assert one.shape == other.shape
    for explainer in (ours, theirs):
        with pytest.raises(ModelError, match="reads 6 columns"):
            explainer.explain(np.zeros((2, N_FEATURES + 1)))


def test_a_model_that_neither_can_explain_is_refused():
    with pytest.raises(ModelError, match="linear leaves"):
        LazyExplainer(train(0, linear_tree=True, objective="regression")).get()


def test_an_explainer_is_built_once_whichever_thread_asks():
    lazy = LazyExplainer(train(2))
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: lazy.get(), range(16)))
    assert len({id(explainer) for explainer in found}) == 1


def test_a_lazy_explainer_travels_as_its_booster():
    lazy, rows = LazyExplainer(train(3)), matrix(3, 20)
    expected = lazy.get().explain(rows)
    for copied in (copy.deepcopy(lazy), pickle.loads(pickle.dumps(lazy))):
        for one, other in zip(copied.get().explain(rows), expected, strict=True):
            assert np.array_equal(one, other)


def test_margins_come_from_tables_or_where_trees_are_too_deep_from_lightgbm(caplog: pytest.LogCaptureFixture):
    booster, rows = deep()
    shallow = train(0)
    with caplog.at_level(logging.WARNING):
        assert np.array_equal(LazyMargins(booster).get().margin(rows), booster.predict(rows, raw_score=True))
    assert "margins come from LightGBM itself" in caplog.text
    asked = edges(0, shallow)
    assert np.array_equal(LazyMargins(shallow).get().margin(asked), shallow.predict(asked, raw_score=True))
