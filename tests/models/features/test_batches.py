import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.features import batches
from models.features.batches import compute_rows

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
ROWS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 50)), max_size=60)


@pytest.fixture(scope="module", autouse=True)
def _small_batches():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batches, "BATCH_ROWS", 7)
        yield


@given(rows=ROWS)
def test_rows_come_back_in_the_order_asked_whatever_the_batches(rows: list[tuple[int, int]]):
    owner, day = (np.array([row[side] for row in rows], dtype=np.int64) for side in (0, 1))

    def compute(places: Ints) -> dict[str, Floats]:
        columns = {f"c{n}": owner[places] * 100.0 + day[places] + n for n in range(40)}
        return columns | {"unasked": np.full(len(places), np.nan)}

    names = [f"c{n}" for n in range(40)]
    frame = compute_rows(compute, owner, day, names)
    assert list(frame) == names
    for n, name in enumerate(names):
        assert np.array_equal(frame[name].to_numpy(), owner * 100.0 + day + n)


def test_what_goes_wrong_in_a_batch_is_told():
    def compute(places: Ints) -> dict[str, Floats]:
        raise ValueError("no such customer")

    with pytest.raises(ValueError, match="no such customer"):
        compute_rows(compute, np.zeros(50, np.int64), np.arange(50), ["c"])
