import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.explain.probability_points import probability_points, rounded_to

CONTRIBUTIONS = st.lists(st.floats(-40, 40), max_size=30)
MARGINS = st.floats(-30, 30)
SLOPES = st.floats(0.05, 5)


def logistic(value: float) -> float:
    return 0.5 + 0.5 * math.tanh(value / 2)


@given(base=MARGINS, contributions=CONTRIBUTIONS, slope=SLOPES, intercept=MARGINS)
def test_points_lead_from_the_base_to_the_probability_with_the_signs_of_the_contributions(
    base: float, contributions: list[float], slope: float, intercept: float
):
    found = probability_points(base, contributions, slope, intercept)
    margin = base + math.fsum(contributions)
    assert found.base == pytest.approx(logistic(slope * base + intercept), abs=1e-12)
    assert found.probability == pytest.approx(logistic(slope * margin + intercept), abs=1e-12)
    for contribution, points in zip(contributions, found.points, strict=True):
        assert points * contribution >= 0
    # Where contributions cancel, neither side exceeds a probability.
    assert math.fsum(one for one in found.points if one > 0) <= 1 + 1e-12
    assert math.fsum(one for one in found.points if one < 0) >= -1 - 1e-12


@given(base=MARGINS, contributions=CONTRIBUTIONS, seed=st.randoms(use_true_random=False))
def test_the_order_of_the_reasons_changes_nothing_and_a_larger_one_counts_more(base, contributions, seed):
    known = probability_points(base, contributions, 1.0, 0.0).points
    order = list(range(len(contributions)))
    seed.shuffle(order)
    other = probability_points(base, [contributions[place] for place in order], 1.0, 0.0).points
    assert [known[place] for place in order] == pytest.approx(other, abs=1e-12)
    for sign in (1, -1):
        ranked = sorted(
            (sign * c, sign * p) for c, p in zip(contributions, known, strict=True) if c * sign > 0
        )
        assert [points for _, points in ranked] == sorted(points for _, points in ranked)


@given(values=st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=30))
def test_rounded_figures_sum_to_the_total_and_stay_within_a_unit(values: list[float]):
    total = round(math.fsum(values))
    found = rounded_to(total, values)
    assert sum(found) == total
    assert all(abs(one - value) <= 1 for one, value in zip(found, values, strict=True))
