"""Groups are weighed and ranked as sorting them says."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as drawn

from models.explain.explanation_kernel import rank_groups

N_FEATURES = 7
COLUMNS = np.array([3, 0, 6, 1, 2, 5, 4])
BOUNDS = np.array([0, 2, 3, 6, 7])
WEIGHTS = st.sampled_from([-2.0, -1.0, -0.5, -0.0, 0.0, 0.5, 1.0, 2.0])


@given(drawn.arrays(np.float64, st.tuples(st.integers(0, 5), st.just(N_FEATURES)), elements=WEIGHTS))
def test_the_weightiest_comes_first_and_equals_keep_their_order(contributions):
    shape = len(contributions), len(BOUNDS) - 1
    values = np.arange(contributions.size, dtype=np.float64).reshape(contributions.shape)
    totals, keys, told = np.full(shape, np.nan), np.full(shape, 99), np.full(shape, np.nan)
    rank_groups(values, contributions, COLUMNS, BOUNDS, totals, keys, told)
    for row, own, found, tellers, said in zip(contributions, values, totals, keys, told, strict=True):
        groups = [COLUMNS[first:end] for first, end in pairwise(BOUNDS)]
        sums = np.array([row[group].sum() for group in groups])
        ranks = np.argsort(-np.abs(sums), kind="stable")
        assert np.array_equal(found, sums[ranks])
        for key, value, rank in zip(tellers, said, ranks, strict=True):
            assert (key >= 0) == (sums[rank] >= 0)
            toward, teller = (1.0, key) if key >= 0 else (-1.0, ~key)
            assert teller in groups[rank]
            assert row[teller] * toward == (row[groups[rank]] * toward).max()
            assert value == own[teller]
