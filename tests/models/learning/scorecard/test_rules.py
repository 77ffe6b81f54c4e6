import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.learning.scorecard.rules import PointScale


@given(
    points=st.floats(-1000, 1000), odds=st.floats(0.1, 1000), pdo=st.floats(1, 100), more=st.floats(-500, 500)
)
def test_pdo_more_points_are_twice_the_odds(points: float, odds: float, pdo: float, more: float):
    scale = PointScale(points, odds, pdo)
    here, there = scale.margin(np.array([points + more, points + more + pdo]))
    assert here - there == pytest.approx(np.log(2))
    assert scale.margin(np.array([points]))[0] == pytest.approx(-np.log(odds))
