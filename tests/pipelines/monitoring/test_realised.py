"""Predicted is held against realised by month, and only what is no chance is a miss."""

import numpy as np
import pytest

from pipelines.monitoring.realised import compare
from pipelines.training.params import MonitorParams
from tests.pipelines.monitoring.builders import a_cohort, a_realised, outcomes, probabilities, some_rows

PARAMS = MonitorParams(draws=100)
JANUARY = 20_454
"""1 January 2026, in days since 1970."""


def test_nothing_is_compared_before_anything_has_matured():
    assert compare(some_rows(np.empty(0)), np.empty(0), PARAMS) is None


def test_calibrated_answers_seldom_miss_and_never_two_months_in_a_row():
    missed = 0
    for seed in range(20):
        probability = probabilities(3_000, seed)
        day = JANUARY + np.arange(3_000) % 90
        found = compare(some_rows(outcomes(probability, seed), day=day), probability, PARAMS)
        assert found is not None
        assert len(found.months) == 3
        assert found.in_a_row(0.1) < 2
        missed += found.whole.side(0.0) != 0
    assert missed <= 3


def test_answers_that_are_too_low_are_found_over_all_and_by_month():
    truth = probabilities(6_000, 1)
    day = JANUARY + np.arange(6_000) % 90
    found = compare(some_rows(outcomes(truth, 1), day=day), truth * 0.6, PARAMS)
    assert found is not None
    assert found.whole.side(0.1) == -1
    assert found.in_a_row(0.1) == 3
    assert [f"{month.month:%Y-%m}" for month in found.months if month.month] == [
        "2026-01",
        "2026-02",
        "2026-03",
    ]
    assert sum(month.rows for month in found.months) == found.whole.rows == 6_000


def test_rows_of_one_customer_tell_no_more_than_the_customer():
    probability = np.repeat(probabilities(300, 3), 12)
    owner, label = np.repeat(np.arange(300), 12), np.repeat(outcomes(probabilities(300, 3), 3), 12)
    alone = compare(some_rows(label), probability, PARAMS)
    together = compare(some_rows(label, owner=owner), probability, PARAMS)
    assert alone is not None
    assert together is not None
    assert together.whole.customers == 300
    wider = (together.whole.high - together.whole.low) / (alone.whole.high - alone.whole.low)
    assert wider == pytest.approx(np.sqrt(12), rel=0.05)


def test_an_auc_takes_cases_of_either_outcome_and_has_an_interval():
    probability = probabilities(2_000, 2)
    rows = some_rows(outcomes(probability, 2))
    found = compare(rows, probability, PARAMS)
    assert found is not None
    assert found.whole.auc is not None
    assert found.auc_low is not None
    assert found.auc_high is not None
    assert found.auc_low < found.whole.auc < found.auc_high
    few = compare(rows, probability, MonitorParams(cases=1_900))
    assert few is not None
    assert (few.whole.auc, few.auc_low, few.auc_high) == (None, None, None)


def test_a_gap_within_the_share_that_is_borne_is_no_miss_however_sure():
    close = a_cohort(1, 0.105, 0.1, half=0.001)
    assert close.side(0.0) == 1
    assert close.side(0.1) == 0
    assert close.borne(0.1) == pytest.approx(0.01)
    assert close.borne(0.0) == pytest.approx(0.001)
    assert a_cohort(1, 0.08, 0.1).side(0.1) == -1


def test_only_months_that_miss_on_the_same_side_make_a_run():
    high, low, fine = a_cohort(1, 0.2, 0.1), a_cohort(2, 0.05, 0.1), a_cohort(3, 0.1, 0.1)
    assert a_realised(high, low, high, low).in_a_row(0.1) == 1
    assert a_realised(high, fine, high, high).in_a_row(0.1) == 2
    assert a_realised(fine, fine, fine).in_a_row(0.1) == 0
    assert a_realised().in_a_row(0.1) == 0
