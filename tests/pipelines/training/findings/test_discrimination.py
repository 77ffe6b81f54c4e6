"""Figures are those of scikit-learn, intervals hold them, and one outcome alone measures nothing."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_curve

from pipelines.training.bootstrap import Draws
from pipelines.training.findings.discrimination import (
    CURVE_POINTS,
    _drawn,
    auc_gained,
    discriminate,
    precision_recall,
    roc,
)
from pipelines.training.metrics import kolmogorov_smirnov

RNG = np.random.default_rng(0)
LABEL = (RNG.random(800) < 0.2).astype(float)
CHANCE = np.clip(0.2 + 0.2 * LABEL + 0.2 * RNG.normal(size=800), 0.0, 1.0).round(2)
OWNER = RNG.integers(0, 150, 800)
DRAWS = Draws.of(OWNER, 50, 1)


def test_each_figure_lies_in_its_interval_and_gini_follows_the_auc():
    found = discriminate(LABEL, CHANCE, DRAWS)
    for figure in (found.auc, found.gini, found.average_precision, found.ks):
        assert figure.low < figure.value < figure.high
    assert found.gini.value == pytest.approx(2 * found.auc.value - 1)


def test_a_draw_measures_what_its_rows_would_measure_repeated():
    precisions, distances = _drawn(LABEL, CHANCE, DRAWS)
    customer = DRAWS.customer
    for draw in range(3):
        again = np.repeat(np.arange(800), DRAWS.counts[draw, customer])
        assert precisions[draw] == pytest.approx(average_precision_score(LABEL[again], CHANCE[again]))
        assert distances[draw] == pytest.approx(kolmogorov_smirnov(LABEL[again], CHANCE[again]))


def test_a_draw_of_one_outcome_measures_nothing():
    one_bad = np.array([1.0, 0.0, 0.0])
    precisions, distances = _drawn(one_bad, np.array([0.3, 0.2, 0.1]), Draws.of(np.arange(3), 60, 1))
    assert np.isnan(precisions).any()
    assert (np.isnan(precisions) == np.isnan(distances)).all()
    assert np.nanmin(precisions) == 1.0


def test_a_model_gains_nothing_on_itself_and_something_on_noise():
    assert auc_gained(LABEL, CHANCE, CHANCE, DRAWS).high == 0.0
    gained = auc_gained(LABEL, CHANCE, RNG.random(800), DRAWS)
    assert 0 < gained.low < gained.value < gained.high


def test_the_roc_curve_is_that_of_scikit_learn():
    curve = roc(LABEL, CHANCE)
    false, true, _ = roc_curve(LABEL, CHANCE, drop_intermediate=False)
    assert np.allclose(curve.x, false, atol=1e-5)
    assert np.allclose(curve.y, true, atol=1e-5)


def test_a_long_curve_is_thinned_and_keeps_its_ends():
    chance = np.random.default_rng(2).random(800)
    curve = roc(LABEL, chance)
    assert len(curve.x) == CURVE_POINTS
    assert (curve.x[0], curve.y[0], curve.x[-1], curve.y[-1]) == (0.0, 0.0, 1.0, 1.0)
    recall = precision_recall(LABEL, chance)
    assert (recall.x[-1], recall.y[-1]) == (1.0, pytest.approx(LABEL.mean(), abs=1e-4))


def test_one_outcome_alone_measures_nothing():
    none = np.zeros(800)
    assert discriminate(none, CHANCE, DRAWS) is None
    assert auc_gained(none, CHANCE, CHANCE, DRAWS) is None
    assert roc(none, CHANCE) is None
    assert precision_recall(none, CHANCE) is None
