from dataclasses import replace

import numpy as np

from models.features.build import CUSTOMER_FEATURES, INVOICE_FEATURES, mask_history
from pipelines.training.fit import fit
from pipelines.training.plan import FitPlan, known_features
from pipelines.training.split import split
from tests.models.fitted import TREES, fitted

PLAN = FitPlan("late30", TREES, rounds=10)


def test_a_fit_is_the_same_from_the_same_rows():
    assert fit(fitted().late_rows, replace(PLAN, rounds=20)).kept.version == fitted().late.version


def test_the_test_period_teaches_the_tested_model_nothing():
    rows = fitted().late_rows
    parts = split(rows, PLAN.shares)
    rng = np.random.default_rng(0)
    label, days_late, lateness = rows.label.copy(), rows.days_late.copy(), rows.lateness.copy()
    label[parts.test] = rng.integers(0, 2, parts.test.sum())
    days_late[parts.test] = lateness[parts.test] = rng.normal(0, 50, parts.test.sum())
    other = replace(rows, label=label, days_late=days_late, lateness=lateness)
    one, changed = fit(rows, replace(PLAN, refit=False)), fit(other, replace(PLAN, refit=False))
    assert one.tested.version == changed.tested.version


def test_the_kept_model_learns_from_the_last_period_too_with_the_honest_calibration():
    made = fit(fitted().late_rows, PLAN)
    assert made.kept.version != made.tested.version
    assert made.kept.calibration == made.tested.calibration
    assert made.kept.additive.rounds == made.tested.additive.rounds > 0
    assert made.kept.curve.read_at == made.tested.curve.read_at


def test_without_a_refit_the_tested_model_is_kept():
    made = fit(fitted().late_rows, replace(PLAN, refit=False))
    assert made.kept is made.tested


def test_a_model_of_default_knows_no_days_late_and_reads_no_invoice():
    model = fitted().default
    assert (model.curve, model.delays) == (None, ())
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


def test_learnt_rank_beats_chance_out_of_time():
    made = fit(fitted().late_rows, replace(PLAN, refit=False))
    test = fitted().late_rows.take(made.split.test)
    chance = made.tested.probability(test.frame)
    bad, good = chance[test.label == 1], chance[test.label == 0]
    assert np.mean(bad[:, None] > good[None, :]) > 0.6
