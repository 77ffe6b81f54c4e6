"""The default model answers any ledger: published components first, its own as failures come."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import NotEnoughDataError
from models.features.build import CUSTOMER_FEATURES, FeatureBuilder, mask_history
from models.learning.additive import Steps
from models.learning.artifact import load, save
from models.learning.calibration import Calibration
from models.learning.labels import month_starts
from models.learning.rows import DefaultRows, TrainingRows, draw_rows
from models.learning.starter.default import starter_default
from models.published.statistics import load_statistics
from pipelines.demo.simulator import simulate
from pipelines.training.corrections import fit_corrections
from pipelines.training.default_fit import ENOUGH, FEW, fit_default
from pipelines.training.forward import Answers, fit_weights, prior_weights
from pipelines.training.level import failing, fit_level, row_weight
from pipelines.training.plan import Fit, FitPlan, known_features
from tests.models.fitted import TREES

PLAN = FitPlan("default12", TREES, shares=(0.5, 0.15, 0.2, 0.15), by_customer=True)
UNSURE = load_statistics().default.uncertainty
SIGNS = {feature.name: feature.sign for feature in CUSTOMER_FEATURES}


def with_failures(count: int) -> TrainingRows:
    """Return the demo's rows with so many failing customers: those of most bad rows stay, others are good."""
    rows = demo()
    owners, times = np.unique(rows.owner[rows.label == 1], return_counts=True)
    stay = owners[np.argsort(-times, kind="stable")][:count]
    return replace(rows, label=np.where(np.isin(rows.owner, stay), rows.label, 0.0))


def with_made_failures() -> TrainingRows:
    """Return the demo's rows where every customer often late fails: more failures than components need."""
    rows = demo()
    late = np.nan_to_num(rows.frame["days_late_by_amount_365d"].to_numpy())
    return replace(rows, label=(late > np.quantile(late, 0.8)).astype(np.float64))


@cache
def demo() -> TrainingRows:
    builder = FeatureBuilder.of(simulate(300, 30, 3)[0])
    cut = int(month_starts(0, int(builder.book.pay_day.max()))[-1])
    return draw_rows(builder, DefaultRows(cut, 100_000, 1))


@cache
def own() -> Fit:
    return fit_default(with_made_failures(), PLAN)


def test_without_a_failure_published_components_answer_at_a_level_a_little_lower():
    rows = with_failures(0)
    model = fit_default(rows, PLAN).kept
    assert model.facts["rests_on"] == "published"
    assert model.facts["failures"] == 0
    ratio = model.probability(rows.frame) / starter_default().probability(rows.frame)
    assert np.all((ratio > 0.3) & (ratio < 1.0))


def test_few_failures_move_the_level_and_no_component():
    rows = with_failures(FEW - 1)
    model = fit_default(rows, PLAN).kept
    assert model.facts["rests_on"] == "level"
    assert model.facts["weights"] == {"published": 1.0, "corrections": 0.0, "trees": 0.0}
    assert model.additive.trees == ()
    none = fit_default(with_failures(0), PLAN).kept
    assert model.probability(rows.frame).mean() > none.probability(rows.frame).mean()


def test_enough_failures_let_own_components_in():
    made = own()
    assert made.kept.facts["failures"] >= ENOUGH
    assert made.kept.facts["rests_on"] == "own"
    assert made.kept.facts["weights"]["corrections"] + made.kept.facts["weights"]["trees"] > 0.5
    assert made.kept.facts["weights"] == made.tested.facts["weights"]
    assert len(made.test_probability) == made.split.test.sum() > 0


def test_contributions_of_every_component_add_up_to_the_margin_and_read_back(tmp_path: Path):
    model, frame = own().kept, demo().frame.head(200)
    contributions, base = model.contributions(frame)
    assert contributions.sum(axis=1) + base == pytest.approx(model.margin(frame), abs=1e-6)
    save(model, tmp_path)
    again = load(tmp_path)
    assert again.facts == model.facts
    assert np.array_equal(again.probability(frame), model.probability(frame))


@pytest.mark.parametrize("column", ["oldest_overdue_days", "days_late_by_amount_365d", "equity_ratio"])
def test_more_of_a_risk_never_lowers_an_answer(column: str):
    model, frame = own().kept, demo().frame.head(200)
    worse = [
        model.margin(frame.assign(**{column: value}))
        for value in np.linspace(-1.0, 120.0, 40) * SIGNS[column]
    ]
    assert np.all(np.diff(worse, axis=0) >= -1e-9)


def test_the_test_period_teaches_the_tested_model_nothing():
    rows, made = with_made_failures(), own()
    turned = replace(rows, label=np.where(made.split.test, 1 - rows.label, rows.label))
    assert fit_default(turned, PLAN).tested.version == made.tested.version


def test_own_answers_on_the_test_period_come_from_models_that_never_saw_the_customer():
    made, test = own(), demo().take(own().split.test)
    assert not np.array_equal(made.test_probability, made.tested.probability(test.frame))


def test_rows_of_one_outcome_are_answered():
    rows = demo()
    for label in (np.zeros(len(rows)), np.ones(len(rows))):
        chance = fit_default(replace(rows, label=label), PLAN).kept.probability(rows.frame)
        assert np.all((chance > 0) & (chance < 1))


@pytest.mark.parametrize("count", [1, 2, 12])
def test_one_customer_with_few_rows_is_answered_without_a_test_period(count: int):
    rows = demo()
    mine = np.flatnonzero(rows.owner == rows.owner[0])[:count]
    few = rows.take(mine)
    made = fit_default(few, PLAN)
    assert len(made.test_probability) == made.split.test.sum()
    assert np.all(made.kept.probability(few.frame) < 0.2)


def test_a_ledger_without_a_row_is_refused():
    with pytest.raises(NotEnoughDataError):
        fit_default(demo().take(np.array([], dtype=np.int64)), PLAN)


def test_columns_that_hold_nothing_are_read_by_nobody():
    rows = with_made_failures()
    empty = rows.frame.assign(
        **dict.fromkeys([f.name for f in CUSTOMER_FEATURES if "ratio" in f.name], np.nan)
    )
    model = fit_default(replace(rows, frame=empty), replace(PLAN, refit=False)).kept
    assert np.all(np.isfinite(model.margin(empty)))
    assert all(np.isfinite(one.added).all() for one in model.additive.simple if isinstance(one, Steps))


def test_a_prospect_of_a_ledger_with_its_own_model_is_answered_near_its_average():
    rows = with_made_failures()
    masked = mask_history(rows.frame, np.ones(len(rows), dtype=bool))
    mean = float(own().kept.probability(masked).mean())
    assert rows.label.mean() / 4 < mean < rows.label.mean() * 4


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 60), st.integers(1, 400), st.integers(0, 2**32 - 1))
def test_a_level_lies_between_the_published_one_and_the_ledgers_own(bad: int, good: int, seed: int):
    count = bad + good
    margin = np.random.default_rng(seed).normal(-3.9, 0.01, count)
    label = (np.arange(count) < bad).astype(np.float64)
    paid, owner = np.full(count, 20.0), np.arange(count)
    found = float(fit_level(margin, label, paid, owner, UNSURE).probability(margin, paid).mean())
    published = float((1 / (1 + np.exp(-margin))).mean())
    # The rows of customers that did not fail count as one each where no failure says otherwise.
    low, high = sorted((published, bad / count))
    assert low * 0.99 - 1e-9 <= found <= high * 1.01 + 1e-9


def test_a_level_with_many_failures_is_the_ledgers_own_and_its_interval_narrow():
    rng = np.random.default_rng(1)
    margin = rng.normal(-3.5, 1.0, 20_000)
    label = (rng.random(20_000) < 1 / (1 + np.exp(-(margin + 1.0)))).astype(np.float64)
    paid, owner = np.full(20_000, 20.0), np.arange(20_000)
    found = fit_level(margin, label, paid, owner, UNSURE)
    assert found.probability(margin, paid).mean() == pytest.approx(label.mean(), rel=0.05)
    assert found.slope == pytest.approx(1.0, abs=0.15)
    none = fit_level(margin[:0], label[:0], paid[:0], owner[:0], UNSURE)
    assert width(found, -3.5) < 0.3 * width(none, -3.5)
    assert none.probability(margin, paid) == pytest.approx(1 / (1 + np.exp(-margin)))


def width(calibration: Calibration, margin: float) -> float:
    """Return the interval's length in log-odds."""
    found = calibration.estimate(np.array([margin]), [20])
    return float(np.log(found.high / (1 - found.high) * (1 - found.low) / found.low)[0])


def test_twelve_snapshots_of_a_failure_weigh_as_one():
    label, owner = np.repeat([1.0, 0.0], [12, 88]), np.repeat([0, 1], [12, 88])
    assert failing(label, owner) == 1
    assert row_weight(label, owner) == pytest.approx(1 / 12)
    margin, paid = np.full(100, -4.0), np.full(100, 20.0)
    once = fit_level(margin, label, paid, owner, UNSURE)
    apart = fit_level(margin, label, paid, np.arange(100), UNSURE)
    assert once.probability(margin)[0] < apart.probability(margin)[0]


def test_a_handful_of_failures_never_turns_the_slope():
    label = np.array([1.0] * 5 + [0.0] * 95)
    margin = np.where(label == 1, -3.5, -2.5)  # the worst ranks that there are
    found = fit_level(margin, label, np.zeros(100), np.arange(100), UNSURE)
    assert 0.5 < found.slope < 1.5


def test_corrections_find_what_published_components_do_not_know_and_stay_away_from_noise():
    rows = demo()
    rng = np.random.default_rng(3)
    odds = -3.0 + 1.5 * (rows.frame["signal_returned_debit_365d"].to_numpy() > 0)
    label = (rng.random(len(rows)) < 1 / (1 + np.exp(-odds))).astype(np.float64)
    starter, features = np.full(len(rows), -3.0), known_features(rows, CUSTOMER_FEATURES)
    sure = fit_corrections(starter, rows.frame, label, 1.0, features)
    unsure = fit_corrections(starter, rows.frame, label, 1e-4, features)
    size = {
        name: max(map(abs, one.added)) for found in (sure,) for one in found.steps for name in [one.column]
    }
    assert max(size, key=lambda name: size[name]) == "signal_returned_debit_365d"
    assert sum(max(map(abs, one.added)) for one in unsure.steps) < 0.05 * sum(size.values())
    for one in sure.steps:
        assert np.all(SIGNS[one.column] * np.diff(one.added) >= 0)


def test_a_component_that_later_rows_contradict_loses_its_weight():
    rng = np.random.default_rng(2)
    good, noise = rng.normal(-3, 1.5, 5_000), rng.normal(-3, 1.5, 5_000)
    label = (rng.random(5_000) < 1 / (1 + np.exp(-good))).astype(np.float64)
    seen = Answers(np.column_stack((noise, good, noise)), label, np.zeros(5_000), np.arange(5_000), 80)
    (published, corrections, trees), shift = fit_weights(seen, 0.5)
    assert corrections == pytest.approx(1.0, abs=0.15)
    assert trees < 0.1
    assert published < 0.1
    level = seen.margins @ np.array([published, corrections, trees]) + shift
    assert (1 / (1 + np.exp(-level))).mean() == pytest.approx(label.mean(), rel=0.1)


def test_trees_weigh_nothing_where_they_took_no_part():
    label = np.repeat([1.0, 0.0], [20, 80])
    margins = np.column_stack((np.full(100, -2.0), np.linspace(0, -4, 100), np.zeros(100)))
    weights, _ = fit_weights(Answers(margins, label, np.zeros(100), np.arange(100), 0), 0.5)
    assert weights[2] == 0.0
    assert prior_weights(0, with_trees=True) == (0.0, 1.0, 0.0)
