from hypothesis import given
from hypothesis import strategies as st

from models.policy.document import load_policy

RULES = load_policy().alerts
share = st.floats(0, 1)
euros = st.floats(0, 1e7)


@given(share, share, euros, euros)
def test_there_and_back_are_told_alike(one: float, other: float, this: float, that: float):
    assert RULES.pd_moved(one, other) == RULES.pd_moved(other, one)
    assert RULES.late_moved(one, other) == RULES.late_moved(other, one)
    assert RULES.limit_moved(this, that) == RULES.limit_moved(that, this)


@given(share, euros)
def test_what_stays_is_not_told(probability: float, limit_eur: float):
    assert not RULES.pd_moved(probability, probability)
    assert not RULES.late_moved(probability, probability)
    assert not RULES.limit_moved(limit_eur, limit_eur)


def test_a_limit_that_falls_to_nothing_is_told():
    assert RULES.limit_moved(100.0, 0.0)


def test_a_probability_of_default_that_stays_tiny_is_not_told():
    assert not RULES.pd_moved(0.0001, 0.004)
