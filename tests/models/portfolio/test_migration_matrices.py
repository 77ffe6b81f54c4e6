import datetime as dt
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import expm

from models.errors import CreditError
from models.portfolio.grade_paths import DEFAULT_CODE, STATES, GradeChange, GradePaths, StillCustomers
from models.portfolio.intervals import wilson_interval
from models.portfolio.migration_matrices import (
    cohort_matrix,
    duration_matrix,
    generator,
    transition_matrix,
)

FIRST = dt.date(2026, 1, 1)
YEAR = (FIRST.toordinal(), FIRST.toordinal() + 1461 // 4)
rates = st.lists(st.floats(0.0, 50.0), min_size=30, max_size=30)
times = st.floats(0.0, 3.0)


def after(days: float) -> dt.date:
    return FIRST + dt.timedelta(days=round(days))


def twenty_firms() -> GradePaths:
    """Return a year of ten firms in A and ten in B with three moves: see Lando and Skødeberg (2002)."""
    still = [StillCustomers(FIRST, "A", 9), StillCustomers(FIRST, "B", 8)]
    moves = [("A1", "A", "B", 1), ("B1", "B", "A", 2), ("B2", "B", "default", 6)]
    changes = [
        GradeChange(who, after(day), state)
        for who, old, new, month in moves
        for day, state in ((0.0, old), (month * 365.25 / 12, new))
    ]
    return GradePaths.of(still, changes, FIRST, after(365))


def a_generator(off: list[float]) -> np.ndarray:
    moves = np.zeros((6, 6))
    moves[~np.eye(6, dtype=bool)] = off
    moves[DEFAULT_CODE] = 0.0
    return generator(moves, np.ones(6))


def test_the_example_of_twenty_firms_by_hand():
    a, b = 9 + 1 / 12 + 10 / 12, 8 + 2 / 12 + 6 / 12 + 11 / 12
    exact = generator(np.array([[0, 1, 0], [1, 0, 1], [0, 0, 0]], float), np.array([a, b, 0.0]))
    assert exact[:2].round(5).tolist() == [[-0.10084, 0.10084, 0.0], [0.10435, -0.2087, 0.10435]]
    found = duration_matrix(twenty_firms(), 1.0).shares[np.ix_([0, 1, 5], [0, 1, 5])]
    assert found == pytest.approx(expm(exact), abs=2e-4)  # days are whole
    assert found[0, 2] > 0  # no firm went from A to default, which the cohort takes for impossible


def test_the_same_firms_as_a_cohort():
    found = cohort_matrix(twenty_firms(), [YEAR])
    assert found.shares[0].tolist() == [0.9, 0.1, 0, 0, 0, 0]
    assert found.shares[1].tolist() == [0.1, 0.8, 0, 0, 0, 0.1]
    assert found.observed.tolist() == [10, 10, 0, 0, 0, 0]
    low, high = wilson_interval(np.array([1.0]), np.array([10.0]))
    assert (found.low[1, 5], found.high[1, 5]) == (low[0], high[0])


@settings(max_examples=50, deadline=None)
@given(rates, times, times)
def test_a_matrix_of_two_times_is_the_product_of_their_matrices(off: list[float], s: float, t: float):
    q = a_generator(off)
    assert q.sum(axis=1) == pytest.approx(np.zeros(6), abs=1e-9)
    whole, product = transition_matrix(q, s + t), transition_matrix(q, s) @ transition_matrix(q, t)
    assert whole == pytest.approx(product, abs=1e-9)
    assert whole.min() >= 0.0
    assert whole.sum(axis=1) == pytest.approx(np.ones(6))
    assert whole == pytest.approx(expm(q * (s + t)), abs=1e-9)


@given(st.floats(0.0, 5.0), st.floats(0.0, 20.0))
def test_a_single_grade_decays_exponentially(rate: float, years: float):
    matrix = transition_matrix(np.array([[-rate, rate], [0.0, 0.0]]), years)
    assert matrix[0] == pytest.approx([math.exp(-rate * years), 1 - math.exp(-rate * years)], abs=1e-12)


def test_a_grade_that_nobody_had_is_unknown_and_default_absorbs():
    found = duration_matrix(twenty_firms(), 1.0)
    document = found.document()
    assert document["C"]["to"]["A"] == {"share": None, "low": None, "high": None, "count": 0}
    assert document["default"]["to"]["default"]["share"] == 1.0
    assert set(document) == set(STATES)


def test_a_withdrawn_customer_counts_up_to_its_last_night_only():
    gone = [GradeChange("C1", FIRST, "A"), GradeChange("C1", after(100), "withdrawn")]
    paths = GradePaths.of([StillCustomers(FIRST, "A", 1)], gone, FIRST, after(365))
    by_time, by_cohort = duration_matrix(paths, 1.0), cohort_matrix(paths, [YEAR])
    assert by_time.observed[0] == pytest.approx((365 + 100) / 365.25)
    assert (by_time.withdrawn[0], by_cohort.withdrawn[0], by_cohort.observed[0]) == (1, 1, 1.0)


def test_a_customer_back_from_default_defaulted_all_the_same():
    moves = [("E", 0), ("default", 90), ("D", 120)]
    paths = GradePaths.of([], [GradeChange("C1", after(d), s) for s, d in moves], FIRST, after(365))
    assert cohort_matrix(paths, [YEAR]).shares[4, DEFAULT_CODE] == 1.0
    assert duration_matrix(paths, 1.0).observed[3] == pytest.approx(245 / 365.25)


def test_intervals_hold_the_estimate_and_are_the_same_each_time():
    once, again = duration_matrix(twenty_firms(), 1.0), duration_matrix(twenty_firms(), 1.0)
    assert np.array_equal(once.low, again.low, equal_nan=True)
    assert (once.low[:2] <= once.shares[:2]).all()
    assert (once.shares[:2] <= once.high[:2]).all()
    assert once.high[1, 5] - once.low[1, 5] > 0.1


def test_a_bootstrapped_cohort_agrees_with_wilson_on_many_customers():
    still = [StillCustomers(FIRST, "A", 900)]
    moves = [GradeChange(f"C{n}", d, s) for n in range(100) for d, s in ((FIRST, "A"), (after(30), "B"))]
    paths = GradePaths.of(still, moves, FIRST, after(365))
    one, two = cohort_matrix(paths, [YEAR]), cohort_matrix(paths, [YEAR], steps=2)
    assert two.shares[0, 0] == pytest.approx(0.81)
    assert two.low[0, 0] == pytest.approx(one.low[0, 0] ** 2, abs=0.012)
    assert two.high[0, 0] == pytest.approx(one.high[0, 0] ** 2, abs=0.012)


def test_what_cannot_be_estimated_says_so():
    with pytest.raises(CreditError, match="0 periods"):
        cohort_matrix(twenty_firms(), [])
    with pytest.raises(CreditError, match="horizon is -1"):
        transition_matrix(np.zeros((2, 2)), -1)
