import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import CreditError
from models.published.paydex import paydex


@pytest.mark.parametrize(
    ("days", "index"),
    [(-40, 100), (-30, 100), (-20, 90), (0, 80), (15, 70), (22, 60), (30, 50), (60, 40), (90, 30), (120, 20)],
)
def test_the_index_meets_the_published_points(days: float, index: float):
    assert paydex(days) == index


def test_the_index_is_linear_between_points():
    assert paydex(45) == pytest.approx(45)
    assert paydex(-10) == pytest.approx(85)


@given(st.floats(-1000, 1000), st.floats(0, 1000))
def test_paying_later_never_raises_the_index(days: float, more: float):
    assert paydex(days + more) <= paydex(days)


@pytest.mark.parametrize("days", [math.nan, math.inf])
def test_days_that_are_no_number_are_refused(days: float):
    with pytest.raises(CreditError, match="finite"):
        paydex(days)
