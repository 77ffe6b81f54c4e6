from itertools import combinations
from math import factorial, prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.explain.treeshap.filling import _leaf_table
from models.explain.treeshap.groups import MOST_FEATURES
from models.explain.treeshap.layout import PART

POINTS, WEIGHTS = np.polynomial.legendre.leggauss(MOST_FEATURES // 2)


def by_definition(value: float, shares: list[float], held: int, feature: int) -> float:
    """Average what a feature adds over all sets of features known before it (Shapley 1953)."""
    n = len(shares)
    others = [other for other in range(n) if other != feature]

    def worth(known: set[int]) -> float:
        return value * prod(held >> j & 1 if j in known else shares[j] for j in range(n))

    total = 0.0
    for size in range(n):
        weight = factorial(size) * factorial(n - 1 - size) / factorial(n)
        for known in combinations(others, size):
            total += weight * (worth({*known, feature}) - worth(set(known)))
    return total


def leaf_table(value: float, shares: list[float]) -> np.ndarray:
    above = np.array([(share, 0, 0, 0) for share in shares], PART)
    return _leaf_table(value, above, (POINTS + 1) / 2, WEIGHTS / 2)


@given(
    value=st.floats(-5, 5),
    shares=st.lists(st.floats(0, 1) | st.sampled_from([0.0, 1.0, 1e-9]), min_size=1, max_size=6),
)
def test_a_leaf_is_shared_out_as_shapley_defines_it(value: float, shares: list[float]):
    table = leaf_table(value, shares)
    for held in range(1 << len(shares)):
        for feature in range(len(shares)):
            expected = by_definition(value, shares, held, feature)
            assert table[held, feature] == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_ten_features_are_still_exact():
    shares = [0.05 + 0.09 * place for place in range(MOST_FEATURES)]
    table = leaf_table(2.5, shares)
    for held in (0, 1, 37, 512, 1022, 1023):
        for feature in (0, 4, 9):
            assert table[held, feature] == pytest.approx(by_definition(2.5, shares, held, feature), rel=1e-9)


def test_a_leaf_s_shares_add_up_to_what_knowing_everything_adds():
    shares = [0.3, 0.9, 0.5, 0.01]
    table = leaf_table(1.5, shares)
    for held in range(16):
        assert table[held].sum() == pytest.approx(1.5 * ((held == 15) - prod(shares)), abs=1e-14)
