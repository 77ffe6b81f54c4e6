"""Errors are in days beside the habit's, and coverage is counted where the truth is known."""

from dataclasses import replace

import numpy as np
import pytest

from pipelines.training.findings.days_late import answers_in_days, days_late
from tests.pipelines.training.findings.samples import material, rows_of


def asked(truth: np.ndarray, habit: float | np.ndarray):
    rows = rows_of(np.zeros(len(truth)), alike_median=habit, invoice_age_days=0.0)
    return replace(rows, days_late=truth)


def test_the_median_and_the_habit_are_off_by_so_many_days():
    truth = np.tile([0.0, 10.0], 50)
    quantiles = np.tile([-1.0, 4.0, 9.0], (100, 1))
    found = days_late(asked(truth, 8.0), quantiles, 1)
    assert found.error.value == pytest.approx((4 + 6) / 2)
    assert found.habit_error.value == pytest.approx((8 + 2) / 2)
    assert found.saved.value == 0.0
    everybody = found.coverage[0]
    assert (everybody.cut, everybody.rows) == ("all", 100)
    assert (everybody.covered.value, everybody.below, everybody.above) == (0.5, 0.0, 0.5)
    assert everybody.covered.low < 0.5 < everybody.covered.high


def test_rows_still_open_and_customers_without_a_habit_are_left_out_of_the_comparison():
    truth = np.concatenate((np.full(60, 5.0), np.full(20, 50.0), np.full(20, np.nan)))
    habit = np.concatenate((np.full(60, 5.0), np.full(40, np.nan)))
    found = days_late(asked(truth, habit), np.tile([0.0, 5.0, 9.0], (100, 1)), 1)
    assert (found.rows, found.compared) == (80, 60)
    assert found.error.value == 0.0
    assert found.coverage[0].covered.value == 0.75


def test_coverage_is_told_by_moment_and_history_where_enough_were_asked():
    sample = material("late")
    found = days_late(sample.test, answers_in_days(sample.answers), 1)
    assert found.coverage[0].cut == "all"
    assert {group.cut for group in found.coverage} == {"all", "asked", "history"}
    assert all(group.rows >= 50 for group in found.coverage)


def test_too_few_rows_measure_nothing_and_default_has_no_days():
    assert days_late(asked(np.zeros(20), 0.0), np.zeros((20, 3)), 1) is None
    assert answers_in_days(material("default").answers) is None
