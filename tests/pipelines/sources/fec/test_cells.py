import datetime as dt

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.sources.fec.cells import LARGEST_CENTS, cents_of, day_of, parse_cents, parse_days


@given(
    st.lists(
        st.tuples(
            st.integers(-LARGEST_CENTS, LARGEST_CENTS),
            st.sampled_from([",", "."]),
            st.integers(0, 12),
            st.booleans(),
        )
    )
)
def test_any_amount_written_by_any_program_comes_back_to_the_cent(values):
    def written(cents: int, sign: str, zeros: int, trailing: bool) -> str:
        whole, rest = divmod(abs(cents), 100)
        minus = "-" if cents < 0 else ""
        return f"{minus}{'0' * zeros}{whole}{sign}{rest:02d}{'000' if trailing else ''}"

    found = parse_cents(pa.array([written(*value) for value in values], pa.string()))
    assert found.cents.tolist() == [cents for cents, *_ in values]
    assert not found.bad.any()


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("", 0),
        ("0", 0),
        (",000", 0),
        ("12", 1200),
        ("12.5", 1250),
        ("1 234,56", 123456),
        ("1\u202f234,56", 123456),
    ],
)
def test_amounts_seen_in_practice_are_read(text: str, cents: int):
    found = parse_cents(pa.array([text]))
    assert (found.cents.tolist(), found.bad.tolist()) == ([cents], [False])


@pytest.mark.parametrize(
    "text", ["abc", "12,345", "1.234,56", "--1", "1e5", "9" * 40, ",", "12,3 EUR", "NaN", "inf"]
)
def test_what_is_no_amount_is_bad_and_counts_nothing(text: str):
    found = parse_cents(pa.array(["1,00", text]))
    assert (found.cents.tolist(), found.bad.tolist()) == ([100, 0], [False, True])


@given(st.text(max_size=12))
def test_a_whole_column_and_a_single_cell_agree(text: str):
    found, alone = parse_cents(pa.array([text])), cents_of(text)
    if text:
        assert (int(found.cents[0]), bool(found.bad[0])) == (alone or 0, alone is None)


@pytest.mark.parametrize("text", ["20251231", "2025-12-31", "31/12/2025", "20251231 10:22:03"])
def test_a_date_is_read_as_the_norm_and_as_programs_write_it(text: str):
    assert day_of(text) == dt.date(2025, 12, 31)


@pytest.mark.parametrize(
    "text", ["", "00000000", "0000-00-00", "20250230", "2025", "18991231", "99991231", "x"]
)
def test_what_names_no_day_is_missing(text: str):
    assert np.isnat(parse_days(pa.array(["20250101", text]))).tolist() == [False, True]
