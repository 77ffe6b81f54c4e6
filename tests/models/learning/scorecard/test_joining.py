from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.learning.scorecard.joining import JoiningRules, join

RULES = JoiningRules(bins=4, rows=20, cases=2)
BINS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=8)


def information(rows: np.ndarray, bad: np.ndarray, begins: tuple[int, ...], trend: int) -> float:
    """Return the information value of a cut, by its definition; minus infinity where it breaks a rule."""
    held, of_bad = (np.add.reduceat(of, (0, *begins)) for of in (rows, bad))
    good = held - of_bad
    if len(held) > RULES.bins or (held < RULES.rows).any() or (np.minimum(of_bad, good) < RULES.cases).any():
        return -np.inf
    if (np.diff(of_bad / held) * trend < 0).any():
        return -np.inf
    good_share, bad_share = good / good.sum(), of_bad / of_bad.sum()
    return float(((good_share - bad_share) * np.log(good_share / bad_share)).sum())


@given(counts=BINS, trend=st.sampled_from([-1, 1]))
def test_no_other_cut_tells_more(counts: list[tuple[int, int]], trend: int):
    good, bad = np.array(counts, dtype=float).T
    rows, places = good + bad, range(1, len(counts))
    every = chain.from_iterable(combinations(places, count) for count in range(RULES.bins))
    best = max(information(rows, bad, begins, trend) for begins in every)
    found = tuple(join(rows, bad, trend, RULES))
    if np.isneginf(best):
        assert found == ()
    else:
        assert information(rows, bad, found, trend) == pytest.approx(best, abs=1e-8)


def test_bins_of_one_share_are_one():
    assert join(np.full(4, 100.0), np.array([10.0, 10.0, 30.0, 30.0]), 1, RULES) == [2]


def test_first_bins_of_one_outcome_are_joined_to_a_neighbour():
    assert join(np.full(3, 100.0), np.array([0.0, 10.0, 50.0]), 1, RULES) == [2]
