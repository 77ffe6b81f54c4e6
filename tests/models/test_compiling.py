import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # each compiles in a process of its own

NOWHERE = """
import numba
from models.compiling import compiled
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


KEPT = """
import numpy as np
from models.explain.treeshap.filling import _leaf_table
from models.explain.treeshap.layout import PART
points, weights = np.polynomial.legendre.leggauss(5)
table = _leaf_table(1.0, np.array([(0.5, 0, 0, 0)], PART), (points + 1) / 2, weights / 2)
print(table.tolist(), sum(_leaf_table.stats.cache_hits.values()))
"""


def told(cache: Path) -> list[str]:
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(cache)}
    done = subprocess.run(
        [sys.executable, "-c", KEPT], capture_output=True, text=True, check=True, env=environment
    )
    return done.stdout.strip().rsplit(" ", 1)


def test_the_next_process_reads_what_this_one_compiled(tmp_path: Path):
    (first, cold), (second, warm) = told(tmp_path), told(tmp_path)
    assert first == second
    assert (cold, warm) == ("0", "1")


def test_a_cache_folder_that_cannot_be_made_is_no_fault(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    assert told(tmp_path / "file" / "cache")[0] == told(tmp_path / "other")[0]


def test_numba_starts_without_linear_algebra_which_can_be_imported_afterwards():
    code = (
        "import sys, models.compiling\n"
        "import models.explain.treeshap.kernel\n"
        "assert 'scipy.linalg' not in sys.modules\n"
        "import numpy as np, scipy.linalg\n"
        "assert scipy.linalg.det(2 * np.eye(2)) == 4"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])
