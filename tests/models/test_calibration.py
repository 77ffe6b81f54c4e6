import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.calibration import Calibration, fit_calibration
from models.errors import NotEnoughDataError

MARGINS = st.floats(-700, 700)


@given(slope=st.floats(0.05, 5), intercept=st.floats(-5, 5), one=MARGINS, other=MARGINS)
def test_a_higher_margin_never_gives_a_lower_probability(
    slope: float, intercept: float, one: float, other: float
):
    low, high = Calibration(slope, intercept).probability(np.sort(np.array([one, other])))
    assert 0.0 <= low <= high <= 1.0


def test_an_extreme_margin_neither_warns_nor_leaves_the_unit_interval():
    found = Calibration(5.0, 0.0).probability(np.array([-1e9, 1e9]))
    assert found.tolist() == [0.0, 1.0]


def test_the_map_that_made_the_outcomes_is_found_again():
    rng = np.random.default_rng(1)
    margin = rng.normal(0, 2, 60_000)
    outcome = (rng.random(60_000) < Calibration(0.7, -1.0).probability(margin)).astype(float)
    found = fit_calibration(margin, outcome)
    assert (found.slope, found.intercept) == (pytest.approx(0.7, abs=0.03), pytest.approx(-1.0, abs=0.04))


@given(seed=st.integers(0, 1000), sign=st.sampled_from([1.0, -1.0, 0.0]))
def test_the_mean_probability_is_the_share_of_bad_rows(seed: int, sign: float):
    rng = np.random.default_rng(seed)
    margin = rng.normal(0, 1, 500)
    outcome = (rng.random(500) < 1 / (1 + np.exp(-sign * margin))).astype(float)
    found = fit_calibration(margin, outcome)
    assert found.slope >= 0.05
    assert found.probability(margin).mean() == pytest.approx(outcome.mean(), abs=0.01)


@pytest.mark.parametrize("bad", [0, 9, 91, 100])
def test_ten_rows_of_either_outcome_are_needed(bad: int):
    outcome = np.zeros(100)
    outcome[:bad] = 1.0
    with pytest.raises(NotEnoughDataError, match=f"{bad} bad and {100 - bad} good"):
        fit_calibration(np.arange(100.0), outcome)
