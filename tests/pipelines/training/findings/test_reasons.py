"""Reasons add up to contributions, the strongest come first, and two models agree with themselves."""

import numpy as np
import pytest

from pipelines.training.findings.reasons import STRONGEST, agree, by_reason, find_reasons
from tests.pipelines.training.findings.samples import material

RNG = np.random.default_rng(0)


def test_the_strongest_features_come_first_with_values_they_had():
    sample = material("default")
    fitted = sample.fitted
    found = find_reasons(fitted.tested, fitted.kept, sample.test.frame, sample.features, 1)
    weights = [one.mean_abs for one in found.strengths]
    assert weights == sorted(weights, reverse=True)
    assert len(found.strengths) == STRONGEST
    assert [one.name for one in found.dependence] == [one.name for one in found.strengths]
    for one in found.dependence:
        assert len(one.values) == len(one.added)
        values = np.array(one.values)
        had = sample.test.frame[one.name].to_numpy().round(6)
        assert np.isin(values[~np.isnan(values)], had).all()
    assert 0 <= found.agreement.same_top <= found.agreement.overlap <= 1
    assert found.agreement.rows == found.rows == min(1_000, len(sample.test))


def test_reasons_add_up_to_the_contributions():
    sample = material("late")
    contributions, _ = sample.fitted.kept.contributions(sample.test.frame.head(20))
    groups = sorted({feature.group for feature in sample.features})
    grouped = by_reason(contributions, sample.features, groups)
    assert grouped.shape[1] == len({feature.group for feature in sample.features})
    assert grouped.sum(axis=1) == pytest.approx(contributions.sum(axis=1))


def test_a_model_agrees_with_itself_whatever_the_scale():
    weights = RNG.normal(size=(50, 8))
    same = agree(weights, 3 * weights)
    assert (same.same_top, same.overlap, same.rank_correlation) == (1.0, 1.0, 1.0)


def test_reasons_without_anything_in_common_do_not_overlap():
    ours = np.tile([6.0, 5.0, 4.0, 3.0, 2.0, 1.0], (10, 1))
    found = agree(ours, ours[:, ::-1])
    assert (found.same_top, found.overlap) == (0.0, 0.0)
    assert found.rank_correlation == pytest.approx(-1.0)


def test_two_of_three_reasons_shared_are_two_thirds():
    found = agree(np.array([[4.0, 3.0, 2.0, 1.0]]), np.array([[-4.0, 3.0, 0.0, 1.0]]))
    assert (found.same_top, found.overlap) == (0.0, pytest.approx(2 / 3))


def test_a_model_that_says_nothing_is_not_asked_for_ranks():
    assert agree(np.zeros((3, 4)), RNG.normal(size=(3, 4))).rank_correlation == 1.0
