"""A lead that chance gives the best of many is told from one that it does not."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipelines.training.reality_check import chance_of_lead

CUSTOMERS = 150


def test_the_luckiest_of_many_equals_passes_no_more_often_than_it_may():
    passed = alone = 0
    for seed in range(60):
        gain = np.random.default_rng(seed).normal(0, 1, (CUSTOMERS, 20))
        best = int(gain.sum(axis=0).argmax())
        asked = np.ones(CUSTOMERS, dtype=np.int64)
        passed += chance_of_lead(gain, asked, best, seed, draws=300) <= 0.05
        alone += chance_of_lead(gain[:, [best]], asked, 0, seed, draws=300) <= 0.05
    assert passed <= 8, "5 % of 60 are 3"
    assert alone >= 20, "as if it had been the only one tried, the luckiest would pass most often"


def test_a_lead_with_every_customer_is_found_among_many():
    rng = np.random.default_rng(3)
    gain = rng.normal(0, 1, (CUSTOMERS, 20))
    gain[:, 7] = rng.normal(0.5, 1, CUSTOMERS)
    assert chance_of_lead(gain, np.ones(CUSTOMERS, dtype=np.int64), 7, 1) < 0.01


def test_a_lead_that_one_customer_gives_is_none():
    gain = np.zeros((CUSTOMERS, 1))
    gain[0] = 50.0
    assert chance_of_lead(gain, np.ones(CUSTOMERS, dtype=np.int64), 0, 1) > 0.05


def test_a_lead_that_many_share_is_one_though_a_few_gain_the_most():
    rng = np.random.default_rng(4)
    gain = rng.normal(0.5, 1, (CUSTOMERS, 1))
    gain[0] = 40.0
    assert chance_of_lead(gain, np.ones(CUSTOMERS, dtype=np.int64), 0, 1) < 0.01


def test_equal_gains_of_everybody_leave_no_doubt():
    asked = np.full(CUSTOMERS, 2)
    assert chance_of_lead(np.full((CUSTOMERS, 1), 0.5), asked, 0, 1, draws=99) == 0.01


@given(st.integers(0, 1_000))
def test_who_does_not_lead_has_no_lead(seed: int):
    gain = np.random.default_rng(seed).normal(0, 1, (40, 3))
    asked = np.random.default_rng(seed).integers(0, 4, 40) + 1
    worst = int(gain.sum(axis=0).argmin())
    if gain[:, worst].sum() <= 0:
        assert chance_of_lead(gain, asked, worst, seed, draws=20) == 1.0


@given(st.integers(0, 1_000), st.floats(0.001, 1_000))
def test_the_unit_of_loss_does_not_matter(seed: int, unit: float):
    gain = np.random.default_rng(seed).normal(0.1, 1, (40, 3))
    asked = np.ones(40, dtype=np.int64)
    one = chance_of_lead(gain, asked, 0, 1, draws=200)
    assert abs(one - chance_of_lead(gain * unit, asked, 0, 1, draws=200)) <= 0.01


def test_a_customer_that_was_never_asked_changes_nothing():
    gain = np.random.default_rng(2).normal(0.1, 1, (40, 3))
    asked = np.ones(40, dtype=np.int64)
    more, none = np.vstack((gain, np.zeros((9, 3)))), np.concatenate((asked, np.zeros(9, dtype=np.int64)))
    assert chance_of_lead(more, none, 1, 5) == chance_of_lead(gain, asked, 1, 5)
