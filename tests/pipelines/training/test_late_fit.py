"""From rows of late payment to a model, however few there are, by what could be known alone."""

from dataclasses import replace

import numpy as np
import pytest

from models.errors import ModelError
from models.features.curves import COLUMNS, columns_at
from models.learning.delay_curve import LEVELS
from models.learning.labels import days_late_label
from models.learning.rows import LateRows, TrainingRows, draw_rows
from pipelines.training.fit import fit
from pipelines.training.late_fit import late_candidates
from pipelines.training.plan import Fit, FitPlan
from tests.builders import FIRST
from tests.models.fitted import TREES, fitted
from tests.pipelines.training.builders import with_later_outcomes

PLAN = FitPlan("late30", TREES, rounds=4)


def rows() -> TrainingRows:
    return fitted().late_rows


def ending(known: TrainingRows, lateness: float) -> TrainingRows:
    """Return rows whose invoices all came to be so many days late."""
    count = len(known)
    late = np.full(count, lateness)
    days_late = np.where(np.isfinite(late), late, 300.0)
    return replace(known, lateness=late, label=(late > 30).astype(float), days_late=days_late)


def check(made: Fit, known: TrainingRows) -> None:
    """Hold a fit against its own rows: it answers, and its interval holds the answer."""
    for model in (made.tested, made.kept):
        frame = known.frame if len(known) else rows().frame.head(5)
        chance, days = model.probability(frame), model.days_late(frame)
        assert ((chance > 0) & (chance < 1)).all()
        assert (np.diff(days, axis=1) >= 0).all()
        estimate = model.calibration.estimate(model.margin(frame), frame["n_paid_all"].to_numpy(float))
        assert (estimate.low < chance).all()
        assert (chance < estimate.high).all()
        assert model.facts["weights"].keys() >= {"habit"}
        assert sum(model.facts["weights"].values()) == pytest.approx(1.0)
    assert len(made.test_probability) == made.split.test.sum()


@pytest.mark.parametrize(
    ("count", "lateness"), [(0, 0.0), (1, 0.0), (10, np.nan), (150, -5.0), (150, 45.0), (150, np.inf)]
)
def test_however_few_rows_and_whatever_their_outcomes_a_model_answers_by_the_habit(
    count: int, lateness: float
):
    known = rows().take(np.arange(len(rows())) % (len(rows()) // max(count, 1)) == 0 if count else
                        np.zeros(len(rows()), dtype=bool))  # fmt: skip
    known = known if np.isnan(lateness) else ending(known, lateness)
    made = fit(known, PLAN)
    check(made, known)
    assert made.kept.facts["rests_on"] == "habit"
    assert made.kept.additive.trees == ()


@pytest.mark.slow
@pytest.mark.parametrize("lateness", [-5.0, 45.0, np.inf])
def test_many_rows_of_one_outcome_alone_are_fitted_too(lateness: float):
    known = ending(rows(), lateness)
    made = fit(known, PLAN)
    check(made, known)
    mean = made.kept.probability(rows().frame).mean()
    base = fit(rows(), PLAN).kept.probability(rows().frame).mean()
    assert mean < base if lateness < 0 else mean > base


def test_one_customer_is_fitted():
    owner = np.bincount(rows().owner).argmax()
    known = rows().take(rows().owner == owner)
    assert 5 < len(known) < 400
    check(fit(known, PLAN), known)


def test_without_rows_to_calibrate_on_the_map_is_the_margin_itself_with_an_interval():
    made = fit(rows().take(np.zeros(len(rows()), dtype=bool)), PLAN)
    calibration = made.kept.calibration
    assert (calibration.slope, calibration.intercept, calibration.offsets) == (1.0, 0.0, (0.0,) * 4)
    assert np.array(calibration.covariance).shape == (6, 6)
    assert made.kept.curve.read_at == LEVELS
    assert made.kept is made.tested
    assert len(made.test_probability) == 0


def test_an_outcome_after_the_test_period_begins_changes_nothing_in_the_tested_model():
    plan = replace(PLAN, refit=False)
    one = fit(rows(), plan)
    cut = one.split.last_days[2]
    other = fit(with_later_outcomes(rows(), cut), plan)
    assert one.tested.version == other.tested.version
    assert np.array_equal(one.test_probability, other.test_probability)


@pytest.mark.slow
def test_rows_of_the_test_period_change_nothing_in_the_tested_model():
    plan = replace(PLAN, refit=False)
    one = fit(rows(), plan)
    test = one.split.test
    frame = rows().frame.copy()
    frame.loc[test, "amount_eur"] *= 7.0
    lateness = np.where(test, -20.0, rows().lateness)
    other = fit(replace(rows(), frame=frame, lateness=lateness), plan)
    assert one.tested.version == other.tested.version


@pytest.mark.slow
def test_the_kept_model_learns_from_every_row_under_the_map_of_the_tested_one():
    made = fit(rows(), PLAN)
    assert made.kept.version != made.tested.version
    assert made.kept.calibration == made.tested.calibration
    assert made.kept.curve.read_at == made.tested.curve.read_at
    assert made.kept.facts["weights"]["trees"] >= made.tested.facts["weights"]["trees"]


def test_a_model_with_trees_says_so_and_reads_its_target_s_columns_alone():
    model = fitted().late
    assert model.facts["rests_on"] == "own"
    assert set(model.facts["weights"]) == {"habit", "trees"}
    assert set(model.features) & set(COLUMNS) == set(columns_at(30))
    assert {feature.name for feature in late_candidates(30)} >= set(model.features)


def test_days_that_are_no_anchor_are_refused_with_those_that_are():
    with pytest.raises(ModelError, match="60, 90 days late; 45 is none"):
        fit(rows(), replace(PLAN, target="late45"))
    assert not {feature.name for feature in late_candidates(45)} & set(COLUMNS)


@pytest.mark.parametrize("days", [0, 90])
def test_other_days_are_learnt_as_well(days: int):
    known = draw_rows(fitted().builder, LateRows(days, fitted().cut, 120, 1))
    made = fit(known, replace(PLAN, target=f"late{days}"))
    check(made, known)
    assert set(made.kept.features) == {f"curve_{days}"}


def test_the_band_is_read_where_it_covers_four_in_five_of_what_came_later():
    low, middle, high = fitted().late.curve.read_at
    assert 0.03 <= low <= 0.2
    assert middle == 0.5
    assert 0.8 <= high <= 0.97


@pytest.mark.slow
def test_the_band_covers_about_four_in_five_of_the_test_period():
    made = fit(rows(), replace(PLAN, refit=False))
    test = rows().take(made.split.test & (rows().frame["invoice_age_days"] <= 0).to_numpy())
    test = test.take(~np.isnan(test.days_late))
    found = made.tested.days_late(test.frame)
    covered = ((test.days_late >= found[:, 0]) & (test.days_late <= found[:, 2])).mean()
    assert 0.7 < covered < 0.92


def test_days_late_of_rows_are_those_that_could_be_told_on_a_day():
    book = fitted().builder.book
    for cut in (FIRST + 400, fitted().cut):
        place = {name: at for at, name in enumerate(book.invoice_ids)}
        document = np.array([place[name] for name in rows().subject])
        told, _ = days_late_label(book, document, cut)
        undisputed = book.disputed_from[document] > 10**6
        assert undisputed.sum() > 500
        found = rows().days_late_on(cut)
        assert np.array_equal(found[undisputed], told[undisputed], equal_nan=True)
