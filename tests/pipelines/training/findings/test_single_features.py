"""A feature that knows the outcome is found out, whether by its value or by its absence."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from pipelines.training.findings.single_features import auc_by_ranks, middle_ranks, single_features

RNG = np.random.default_rng(0)
LABEL = (RNG.random(400) < 0.2).astype(float)


def found(**columns: np.ndarray) -> dict[str, float]:
    return {one.name: one.auc for one in single_features(pd.DataFrame(columns), LABEL, 1)}


def test_a_copy_of_the_label_is_too_good_and_noise_is_not():
    measured = single_features(pd.DataFrame({"noise": RNG.random(400), "copy": LABEL}), LABEL, 1)
    assert [one.name for one in measured] == ["copy", "noise"]
    assert measured[0].auc == 1.0
    assert [one.too_good for one in measured] == [True, False]


def test_a_feature_that_points_the_other_way_is_as_good():
    values = LABEL + RNG.random(400)
    assert found(up=values)["up"] == found(up=-values)["up"]


def test_a_value_that_is_missing_for_the_good_alone_is_found_out():
    assert found(closed=np.where(LABEL == 1, RNG.random(400), np.nan))["closed"] == 1.0


def test_a_feature_known_in_few_rows_is_judged_by_where_it_is_missing():
    values = np.full(400, np.nan)
    values[np.flatnonzero(LABEL)[:3]] = 1.0
    values[np.flatnonzero(LABEL == 0)[:3]] = 0.0
    assert found(rare=values)["rare"] < 0.6


def test_one_outcome_alone_measures_nothing():
    assert single_features(pd.DataFrame({"x": RNG.random(50)}), np.zeros(50), 1) == ()
    assert auc_by_ranks(RNG.random(5), np.ones(5)) is None


@given(pairs=st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2, max_size=40))
def test_the_auc_is_that_of_scikit_learn(pairs: list[tuple[int, bool]]):
    values, label = (np.array(side, dtype=float) for side in zip(*pairs, strict=True))
    if not 0 < label.sum() < len(label):
        return
    assert np.isclose(auc_by_ranks(values, label), roc_auc_score(label, values))


def test_tied_values_share_their_middle_rank():
    assert middle_ranks(np.array([5.0, 1.0, 5.0, 2.0])).tolist() == [3.5, 1.0, 3.5, 2.0]
