"""Intervals hold the truth as often as they say, groups are judged apart, and many at once more mildly."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.training.confidence import design_effect, wilson
from pipelines.training.findings.calibration import (
    by_group,
    by_tenth,
    overall,
    surely_outside,
)
from tests.pipelines.training.findings.samples import material, rows_of

RNG = np.random.default_rng(0)


@given(share=st.floats(0, 1), count=st.floats(1, 1e6), confidence=st.floats(0.5, 0.999))
def test_the_interval_holds_the_share_and_stays_in_0_to_1(share: float, count: float, confidence: float):
    low, high = wilson(share, count, confidence)
    assert 0.0 <= low <= share + 1e-9
    assert share - 1e-9 <= high <= 1.0


@given(share=st.floats(0, 1), count=st.floats(1, 1e5))
def test_more_rows_make_a_narrower_interval(share: float, count: float):
    few, many = wilson(share, count), wilson(share, 4 * count)
    assert many[1] - many[0] <= few[1] - few[0] + 1e-12


def test_calibrated_probabilities_lie_outside_about_once_in_twenty():
    chance = RNG.uniform(0.02, 0.3, 200_000)
    rows = rows_of((RNG.random(200_000) < chance).astype(float), sector_section=RNG.integers(0, 200, 200_000))
    groups = [group for group in by_group(rows, chance) if group.cut == "sector"]
    outside = np.mean([group.outside for group in groups])
    # Four standard errors of a share of 0.05 in 200 groups.
    assert abs(outside - 0.05) < 4 * np.sqrt(0.05 * 0.95 / len(groups))


@pytest.mark.slow
def test_tenths_are_in_order_and_hold_every_row_once():
    sample = material("late")
    tenths = by_tenth(sample.test, sample.answers["probability"])
    assert [tenth.value for tenth in tenths] == [str(number) for number in range(1, 11)]
    assert sum(tenth.rows for tenth in tenths) == len(sample.test)
    predicted = [tenth.predicted for tenth in tenths]
    assert predicted == sorted(predicted)


def test_rows_of_one_customer_widen_the_interval():
    chance = np.full(600, 0.1)
    label = np.repeat((RNG.random(50) < 0.1).astype(float), 12)
    alone = overall(rows_of(label), chance)
    together = overall(rows_of(label, np.repeat(np.arange(50), 12)), chance)
    assert alone.realised == together.realised
    assert together.high - together.low > 2 * (alone.high - alone.low)
    assert (alone.customers, together.customers) == (600, 50)


def test_as_many_customers_as_rows_have_no_design_effect_and_twelve_alike_have_twelve():
    label, chance = (RNG.random(100) < 0.3).astype(float), np.full(100, 0.3)
    assert design_effect(label - chance, np.arange(100)) == 1.0
    assert design_effect(np.repeat(label, 12) - 0.3, np.repeat(np.arange(100), 12)) == (pytest.approx(12))
    assert design_effect(np.zeros(5), np.zeros(5)) == 1.0


def test_a_length_of_history_that_is_predicted_double_is_surely_outside():
    paid, truth = np.repeat([0.0, 20.0], 2_000), 0.1
    rows = rows_of((RNG.random(4_000) < truth).astype(float), n_paid_all=paid)
    chance = np.where(paid == 0, 2 * truth, truth)
    groups = by_group(rows, chance)
    assert surely_outside(groups, rows, chance, "history") == ("0",)
    flagged = {(group.cut, group.value): group.outside for group in groups}
    assert flagged["history", "0"]
    assert not flagged["history", "10+"]


def test_small_groups_are_left_out():
    rows = rows_of(np.zeros(60), size_class=np.repeat([0.0, 1.0], [55, 5]))
    assert [group.value for group in by_group(rows, np.zeros(60)) if group.cut == "size"] == ["0"]
