from dataclasses import replace

import numpy as np
import pytest

from models.errors import NotEnoughDataError
from models.features.build import CUSTOMER_FEATURES, INVOICE_FEATURES, mask_history
from models.rows import Rows
from pipelines.training.fit import FitPlan, fit, known_features
from pipelines.training.split import customer_folds
from tests.models.fitted import TREES, fitted

PLAN = FitPlan("late30", TREES, quantile_rounds=10)


def test_a_fit_is_the_same_from_the_same_rows():
    assert fit(fitted().late_rows, replace(PLAN, quantile_rounds=20)).kept.version == fitted().late.version


def test_the_test_period_teaches_the_tested_model_nothing():
    rows = fitted().late_rows
    parts = fit(rows, PLAN).split
    rng = np.random.default_rng(0)
    label, days_late = rows.label.copy(), rows.days_late.copy()
    label[parts.test] = rng.integers(0, 2, parts.test.sum())
    days_late[parts.test] = rng.normal(0, 50, parts.test.sum())
    other = Rows(rows.frame, label, rows.owner, rows.day, days_late, rows.subject)
    one, changed = fit(rows, replace(PLAN, refit=False)), fit(other, replace(PLAN, refit=False))
    assert one.tested.version == changed.tested.version


def test_the_kept_model_learns_from_the_last_period_too_with_the_honest_calibration():
    made = fit(fitted().late_rows, PLAN)
    assert made.kept.version != made.tested.version
    assert made.kept.calibration == made.tested.calibration
    assert made.kept.booster.num_trees() == made.tested.booster.num_trees()
    assert [t.shift for t in made.kept.delays] == [t.shift for t in made.tested.delays]


def test_without_a_refit_the_tested_model_is_kept():
    made = fit(fitted().late_rows, replace(PLAN, refit=False))
    assert made.kept is made.tested


def test_a_model_of_default_knows_no_days_late_and_reads_no_invoice():
    model = fitted().default
    assert model.delays == ()
    assert set(model.features) <= {feature.name for feature in CUSTOMER_FEATURES}


def test_a_feature_that_says_nothing_is_not_learnt_from():
    rows = fitted().late_rows
    frame = rows.frame.assign(sales=np.nan, closures=0.0, proceedings=np.where(rows.day % 2, 1.0, np.nan))
    kept = {f.name for f in known_features(replace(rows, frame=frame), INVOICE_FEATURES)}
    assert "proceedings" in kept, "known or not is something"
    assert not {"sales", "closures"} & kept


def test_a_customer_without_history_is_answered_near_the_average_not_at_an_extreme():
    rows = fitted().late_rows
    masked = mask_history(rows.frame, np.ones(len(rows), dtype=bool))
    mean = float(fitted().late.probability(masked).mean())
    assert rows.label.mean() / 3 < mean < rows.label.mean() * 3


def test_rows_of_one_outcome_cannot_be_fitted():
    rows = fitted().late_rows
    with pytest.raises(NotEnoughDataError):
        fit(replace(rows, label=np.zeros(len(rows))), PLAN)


def test_learnt_rank_beats_chance_out_of_time():
    made = fit(fitted().late_rows, replace(PLAN, refit=False))
    test = fitted().late_rows.take(made.split.test)
    chance = made.tested.probability(test.frame)
    bad, good = chance[test.label == 1], chance[test.label == 0]
    assert np.mean(bad[:, None] > good[None, :]) > 0.6


def test_a_customer_of_the_test_period_is_answered_by_a_model_that_never_saw_it():
    rows = fitted().default_rows
    plan = FitPlan("default12", replace(TREES, max_rounds=20), by_customer=True, refit=False)
    made = fit(rows, plan)
    test = rows.take(made.split.test)
    long = test.frame["n_paid_all"].to_numpy() >= 10  # of one length: the calibration keeps its ranks
    one = (customer_folds(test.owner, 5, TREES.seed) == 0) & long
    assert one.sum() > 10
    before = ~made.split.test & (customer_folds(rows.owner, 5, TREES.seed) == 0)
    label = np.where(before, 1 - rows.label, rows.label)
    turned = fit(replace(rows, label=label), plan)
    assert turned.tested.booster.num_trees() == made.tested.booster.num_trees() == 20
    assert len(made.test_probability) == made.split.test.sum()
    ranks = [np.argsort(found.test_probability[one], kind="stable") for found in (made, turned)]
    assert np.array_equal(*ranks)
