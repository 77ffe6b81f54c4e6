import numpy as np
import pytest
from scipy.stats import chi2

from models.portfolio.intervals import rate_interval, wilson_interval


def test_a_share_without_an_observation_may_be_anything():
    low, high = wilson_interval(np.array([0.0, 5.0]), np.array([0.0, 5.0]))
    assert (low[0], high[0], high[1]) == (0.0, 1.0, 1.0)
    assert low[1] == pytest.approx(0.5655, abs=1e-4)


@pytest.mark.parametrize("events", [0, 1, 3, 10, 100])
def test_the_interval_of_a_rate_is_close_to_the_exact_one(events: int):
    low, high = rate_interval(events, 50.0)
    exact = (chi2.ppf(0.025, 2 * events) / 100 if events else 0.0, chi2.ppf(0.975, 2 * events + 2) / 100)
    assert (low, high) == pytest.approx(exact, rel=0.02, abs=5e-4)
