import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from models.learning.named_columns import NamedColumns

FRAME = pd.DataFrame({"a": [1.0, 2.0], "b": [np.nan, 4.0], "c": [5, 6]})


@given(st.lists(st.sampled_from("abc")))
def test_a_table_has_the_columns_in_the_order_of_their_names(names: list[str]):
    columns = NamedColumns.of(FRAME, ["c", "a", "b"])
    found = columns.table(names)
    assert found.shape == (2, len(names))
    for place, name in enumerate(names):
        assert np.array_equal(found[:, place], FRAME[name].to_numpy(np.float64), equal_nan=True)
        assert np.array_equal(columns[name], found[:, place], equal_nan=True)


def test_no_row_has_columns_too():
    assert NamedColumns.of(FRAME.head(0), ["a", "b"]).table(["b"]).shape == (0, 1)
