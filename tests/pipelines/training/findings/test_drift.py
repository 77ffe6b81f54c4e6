"""What moved between two periods comes first, and customers, not rows, say how sure that is."""

from dataclasses import replace

import numpy as np

from pipelines.training.findings.drift import feature_shifts, score_shift
from tests.pipelines.training.findings.samples import a_feature, rows_of

RNG = np.random.default_rng(0)
BEFORE = rows_of(np.zeros(900), still=RNG.normal(size=900), moved=RNG.normal(size=900), code=3.0)
NOW = rows_of(np.zeros(600), still=RNG.normal(size=600), moved=RNG.normal(2, 1, 600), code=4.0)
FEATURES = [a_feature("still"), a_feature("moved"), a_feature("code", categorical=True)]


def test_features_that_moved_come_first_and_the_others_are_no_news():
    found = feature_shifts(BEFORE, NOW, FEATURES, 1)
    assert [one.name for one in found] == ["code", "moved", "still"]
    assert [one.shifted for one in found] == [True, True, False]


def test_what_is_missing_is_told_on_either_side():
    gone = replace(NOW, frame=NOW.frame.assign(still=np.nan))
    found = {one.name: one for one in feature_shifts(BEFORE, gone, FEATURES, 1)}
    assert (found["still"].missing_before, found["still"].missing_now) == (0.0, 1.0)
    assert found["still"].shifted


def test_a_few_customers_asked_often_prove_little():
    few_before = replace(BEFORE, owner=np.arange(900) % 9)
    few_now = replace(NOW, owner=np.arange(600) % 6)
    rng = np.random.default_rng(1)
    before, now = rng.random(900), rng.random(600) ** 2
    assert score_shift(BEFORE, NOW, before, now).shifted
    assert not score_shift(few_before, few_now, before, now).shifted


def test_an_empty_period_has_not_moved():
    none = NOW.take(np.zeros(600, dtype=bool))
    assert feature_shifts(BEFORE, none, FEATURES, 1) == ()
    assert score_shift(BEFORE, none, RNG.random(900), np.empty(0)) is None
