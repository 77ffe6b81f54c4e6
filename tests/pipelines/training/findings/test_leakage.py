"""Outcomes dealt out by lot are not predicted, unless the same subject stands on both sides."""

from dataclasses import replace

import numpy as np
import pytest

from models.learning.rows import TrainingRows
from pipelines.training.findings.leakage import Trial, seen_before, shuffled_labels, tossed_coins
from tests.models.fitted import TREES
from tests.pipelines.training.findings.samples import a_feature, material, rows_of


def trial_of(target: str) -> Trial:
    found = material(target)
    return Trial(found.features, found.plan.trees, found.fitted.split.test, found.plan.by_customer, 1)


@pytest.mark.slow
@pytest.mark.parametrize("target", ["late", "default"])
@pytest.mark.parametrize("check", [shuffled_labels, tossed_coins])
def test_what_was_dealt_by_lot_is_not_predicted(target: str, check):
    found = check(material(target).rows, trial_of(target))
    assert found.passed
    assert 0.2 < found.auc <= found.bar < 0.85
    test = int(material(target).fitted.split.test.sum())
    assert found.asked == test if target == "late" else 0.3 * test < found.asked < 0.7 * test


def on_both_sides(by_customer: bool) -> tuple[TrainingRows, Trial]:
    """Every subject is asked about twice, before the test period and in it, and bears a mark of its own."""
    rng, count = np.random.default_rng(11), 600
    mark, label = np.tile(rng.random(count), 2), np.tile(rng.random(count) < 0.3, 2)
    rows = rows_of(label.astype(float), np.tile(np.arange(count), 2), mark=mark)
    rows = replace(rows, subject=np.tile(rows.subject[:count], 2))
    trees = replace(
        TREES, min_data_in_leaf=2, num_leaves=31, max_depth=6, learning_rate=0.3, feature_fraction=1
    )
    return rows, Trial([a_feature("mark")], trees, np.arange(2 * count) >= count, by_customer, 1)


@pytest.mark.parametrize("check", [shuffled_labels, tossed_coins])
def test_a_subject_on_both_sides_is_recognised_and_keeping_customers_apart_helps(check):
    assert not check(*on_both_sides(by_customer=False)).passed
    assert check(*on_both_sides(by_customer=True)).passed


def test_the_same_seed_deals_the_same_lots():
    rows, trial = on_both_sides(by_customer=False)
    assert tossed_coins(rows, trial) == tossed_coins(rows, trial)
    assert tossed_coins(rows, trial) != tossed_coins(rows, replace(trial, seed=2))


def test_nothing_to_learn_from_is_said():
    rows = rows_of(np.zeros(30), x=np.random.default_rng(0).random(30))
    trial = Trial([a_feature("x")], TREES, np.arange(30) >= 15, False, 1)
    assert shuffled_labels(rows, trial) is None


def test_questions_about_what_was_learnt_from_are_counted_and_left_out():
    rows, trial = on_both_sides(by_customer=False)
    rows = replace(
        rows, subject=np.array([*rows.subject[:1190], *(f"new{k}" for k in range(10))], dtype=object)
    )
    label = rows.label[trial.test]
    chance = np.where(np.arange(600) < 590, label, 1 - label)
    found = seen_before(rows, trial, chance)
    assert found.rows == 590
    assert found.auc > 0.9
    assert found.auc_without == 0.0
    assert seen_before(rows, replace(trial, by_customer=True), chance).rows == 0
