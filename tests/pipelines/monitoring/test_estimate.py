"""Expected measures are what calibrated probabilities turn out to be."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.monitoring.estimate import estimate, expectations, expected_auc
from pipelines.training.metrics import measure
from pipelines.training.params import MonitorParams
from tests.models.fitted import fitted
from tests.pipelines.monitoring.builders import outcomes, probabilities, some_rows

SHARES = st.lists(st.floats(0, 1), min_size=2, max_size=25)
PARAMS = MonitorParams(draws=100)


@pytest.mark.parametrize("seed", range(6))
def test_expected_measures_come_true_where_probabilities_are_calibrated(seed: int):
    probability = probabilities(20_000, seed, spread=0.5 + seed / 3)
    told = measure(outcomes(probability, seed), probability)
    expected = estimate(probability)
    assert expected.auc == pytest.approx(told["auc"], abs=0.015)
    assert expected.brier == pytest.approx(told["brier"], rel=0.05)
    assert expected.log_loss == pytest.approx(told["log_loss"], rel=0.05)
    assert expected.bad_share == pytest.approx(told["bad_share"], abs=0.01)


@given(SHARES)
def test_the_expected_auc_counts_every_pair_of_two_questions(found: list[float]):
    won = pairs = 0.0
    for i, bad in enumerate(found):
        for j, good in enumerate(found):
            if i != j:
                chance = bad * (1 - good)
                pairs += chance
                won += chance * (1.0 if bad > good else 0.5 if bad == good else 0.0)
    auc = expected_auc(np.array(found))
    if pairs > 1e-9:
        assert auc == pytest.approx(won / pairs, abs=1e-6)
        assert 0.5 - 1e-6 <= auc <= 1 + 1e-6


@given(st.permutations(range(12)))
def test_the_order_of_questions_does_not_matter(order: list[int]):
    probability = probabilities(12, 5)
    assert expected_auc(probability[order]) == pytest.approx(expected_auc(probability), abs=1e-12)


def test_no_auc_is_expected_where_every_outcome_is_certain_and_the_same():
    assert expected_auc(np.zeros(5)) is None
    assert expected_auc(np.array([0.4])) is None


def test_harder_questions_are_seen_before_their_outcomes():
    before, harder = probabilities(5_000, 1), probabilities(5_000, 2, spread=0.4)
    test = some_rows(outcomes(before, 1))
    (same,) = expectations(test, before, test, probabilities(5_000, 3), PARAMS)
    (moved,) = expectations(test, before, test, harder, PARAMS)
    assert same.auc_floor is not None
    assert same.now.auc is not None
    assert moved.now.auc is not None
    assert same.now.auc > same.auc_floor
    assert moved.now.auc < moved.auc_floor


def test_what_the_expectation_missed_on_the_test_period_is_not_held_against_it():
    truth = probabilities(5_000, 1)
    timid = 1 / (1 + np.exp(-(-2 + 0.5 * (np.log(truth / (1 - truth)) + 2))))  # ranks the same, says less
    test = some_rows(outcomes(truth, 1))
    (found,) = expectations(test, timid, test, timid, PARAMS)
    assert found.auc is not None
    assert found.now.auc is not None
    assert found.now.auc < found.auc - 0.05
    assert found.auc_floor is not None
    assert found.now.auc > found.auc_floor


def test_too_few_outcomes_measure_no_auc():
    probability = np.full(200, 0.1)
    (found,) = expectations(
        some_rows(outcomes(probability, 1)), probability, some_rows(probability), probability, PARAMS
    )
    assert (found.auc, found.auc_low, found.auc_floor) == (None, None, None)


def test_late_payment_is_told_apart_by_moment_of_asking_and_default_is_not():
    late, default = fitted().late_rows, fitted().default_rows
    asked = fitted().late.probability(late.frame)
    found = expectations(late, asked, late, asked, PARAMS)
    assert [one.moment for one in found] == ["all", "at_issue", "open"]
    assert found[0].rows == found[1].rows + found[2].rows
    answers = fitted().default.probability(default.frame)
    assert [one.moment for one in expectations(default, answers, default, answers, PARAMS)] == ["all"]
