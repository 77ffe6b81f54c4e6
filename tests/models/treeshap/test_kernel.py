import os
import subprocess
import sys
from itertools import combinations
from math import factorial, prod
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.treeshap import kernel
from models.treeshap.groups import MOST_FEATURES
from models.treeshap.layout import PART

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
    return kernel._leaf_table(value, above, (POINTS + 1) / 2, WEIGHTS / 2)


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


NOWHERE = """
import numba, numpy as np
from models.treeshap.kernel import compiled
source = "def twice(value):\\n    return 2 * value\\n"
space = {}
exec(compile(source, "<no file>", "exec"), space)
try:
    numba.njit(cache=True)(space["twice"])
except RuntimeError as refused:
    print("numba:", refused)
print("ours:", compiled(space["twice"])(21))
"""


def test_where_no_cache_can_be_kept_it_is_compiled_all_the_same():
    done = subprocess.run([sys.executable, "-c", NOWHERE], capture_output=True, text=True, check=True)
    refused, ours = done.stdout.splitlines()
    assert refused.startswith("numba: cannot cache")
    assert ours == "ours: 42"


EXPLAIN = """
import numpy as np
from models.treeshap import kernel
from models.treeshap.layout import PART
points, weights = np.polynomial.legendre.leggauss(5)
table = kernel._leaf_table(1.0, np.array([(0.5, 0, 0, 0)], PART), (points + 1) / 2, weights / 2)
print(table.tolist(), sum(kernel._leaf_table.stats.cache_hits.values()))
"""


def told(cache: Path) -> list[str]:
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(cache)}
    done = subprocess.run(
        [sys.executable, "-c", EXPLAIN], capture_output=True, text=True, check=True, env=environment
    )
    return done.stdout.strip().rsplit(" ", 1)


def test_the_next_process_reads_what_this_one_compiled(tmp_path: Path):
    (first, cold), (second, warm) = told(tmp_path), told(tmp_path)
    assert first == second
    assert (cold, warm) == ("0", "1")


def test_a_cache_folder_that_cannot_be_made_is_no_fault(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    assert told(tmp_path / "file" / "cache")[0] == told(tmp_path / "other")[0]
