"""Signed features turn the risk their way at every step; a planted violation is counted."""

import numpy as np
import pytest

from models.learning.boosting import fit_classifier
from pipelines.training.findings.monotonicity import count_violations
from tests.models.fitted import TREES
from tests.pipelines.training.findings.samples import a_feature, material

RNG = np.random.default_rng(0)
MATRIX = RNG.normal(size=(300, 2))
FEATURES = [a_feature("up", 1), a_feature("free")]


@pytest.mark.slow
@pytest.mark.parametrize("target", ["late", "default"])
def test_no_step_of_a_fitted_model_goes_the_wrong_way(target: str):
    sample = material(target)
    kept = sample.fitted.kept
    found = count_violations(
        kept.additive.margin,
        kept.matrix(sample.test.frame),
        sample.features,
        1,
    )
    assert found.violations == 0
    assert found.by_feature == ()
    assert found.features == sum(feature.sign != 0 for feature in sample.features) > 20
    assert found.steps > 1_000


def test_a_planted_violation_is_counted_row_by_row_and_named():
    found = count_violations(lambda matrix: -matrix[:, 0], MATRIX, FEATURES, 1)
    assert (found.rows, found.steps, found.violations) == (100, 800, 800)
    assert found.by_feature == (("up", 800),)


def test_a_feature_without_a_sign_may_go_either_way():
    found = count_violations(lambda matrix: np.sin(9 * matrix[:, 1]), MATRIX, FEATURES, 1)
    assert found.violations == 0


def test_trees_fitted_without_the_sign_are_found_out():
    label = (RNG.random(300) < 1 / (1 + np.exp(3 * MATRIX[:, 0]))).astype(float)
    blind = [a_feature("up"), a_feature("free")]
    booster = fit_classifier(MATRIX, label, blind, TREES, 20)
    assert (
        count_violations(lambda rows: booster.predict(rows, raw_score=True), MATRIX, FEATURES, 1).violations
        > 100
    )
    signed = fit_classifier(MATRIX, label, FEATURES, TREES, 20)
    assert (
        count_violations(lambda rows: signed.predict(rows, raw_score=True), MATRIX, FEATURES, 1).violations
        == 0
    )


def test_a_constant_or_unknown_feature_takes_no_step():
    matrix = np.stack((np.full(50, 2.0), np.full(50, np.nan)), axis=1)
    signed = [a_feature("constant", 1), a_feature("unknown", -1)]
    assert count_violations(lambda rows: rows[:, 0], matrix, signed, 1).steps == 0
