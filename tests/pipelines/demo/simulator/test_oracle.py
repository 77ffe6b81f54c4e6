from __future__ import annotations

import numpy as np

from pipelines.demo.simulator.oracle import default_odds

ODDS = default_odds()


def pd_at(age: int, level: float, deviation: float) -> float:
    one = np.ones(1, dtype=np.int64)
    return float(ODDS.pd_12m(age * one, one, np.array([level]), np.array([deviation]))[0])


def test_the_healthier_the_less_likely_to_default():
    odds = [pd_at(0, 0.1, deviation) for deviation in np.linspace(-3, 3, 13)]
    assert odds == sorted(odds, reverse=True)
    levels = [pd_at(0, level, 0.2) for level in np.linspace(-2, 2, 9)]
    assert levels == sorted(levels, reverse=True)


def test_distress_makes_default_more_likely_than_not():
    assert all(pd_at(age, 0.0, 0.0) > 0.6 for age in range(1, 7))


def test_every_probability_lies_strictly_between_nought_and_one():
    assert (ODDS.table > 0).all()
    assert (ODDS.table < 1).all()
