"""Receipts under stress: later, less, never more."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.portfolio.payment_weeks import WEEKS
from models.portfolio.stress_receipts import stressed_receipts

EUR = st.lists(st.floats(0, 1e6), min_size=WEEKS, max_size=WEEKS)
SHARE = st.floats(0, 1)


def under(weeks: list[float], before: float, after: float, days: float) -> np.ndarray:
    return stressed_receipts(np.array([weeks]), np.array([before]), np.array([after]), days)[0]


@given(EUR, SHARE)
def test_the_same_probability_and_no_delay_change_nothing(weeks: list[float], pd: float):
    assert under(weeks, pd, pd, 0.0) == pytest.approx(np.array(weeks), abs=1e-6)


@given(EUR, SHARE, SHARE, st.floats(0, 120))
def test_a_shock_brings_no_more_by_any_week(weeks: list[float], one: float, other: float, days: float):
    found = np.cumsum(under(weeks, min(one, other), max(one, other), days))
    assert (found <= np.cumsum(weeks) * (1 + 1e-9) + 1e-6).all()


@given(EUR, SHARE)
def test_who_fails_pays_nothing_and_who_had_failed_pays_as_before(weeks: list[float], pd: float):
    assert under(weeks, 1.0, 1.0, 0.0) == pytest.approx(np.array(weeks), abs=1e-6)
    if pd < 1.0:
        assert not under(weeks, pd, 1.0, 0.0).any()


def test_a_year_of_certain_risk_takes_its_part_of_each_week():
    found = under([100.0] * WEEKS, 0.0, 0.5, 0.0)
    assert found[0] == pytest.approx(100 * 0.5 ** (3.5 / 365))
    assert found[12] == pytest.approx(100 * 0.5 ** (87.5 / 365))


def test_a_delay_of_two_weeks_moves_what_falls_due_later_out_of_sight():
    found = under([10.0 * week for week in range(WEEKS)], 0.1, 0.1, 14.0)
    assert found == pytest.approx([0.0, 0.0, *(10.0 * week for week in range(WEEKS - 2))])
