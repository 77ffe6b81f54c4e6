import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.ledger.tables import ColumnKind
from pipelines.sources.mapping.cells import Parsed, parse
from pipelines.sources.mapping.shape import FileShape

SIGNS = [(".", ""), (".", ","), (".", "'"), (",", ""), (",", "."), (",", " ")]


def one(text: str | None, kind: ColumnKind = "cents", **shape: object) -> Parsed:
    return parse(pd.Series([text], dtype="str"), kind, FileShape.model_validate(shape))


def written(cents: int, decimal: str, thousands: str, trailing: bool) -> str:
    text = f"{abs(cents) // 100:,}".replace(",", thousands) + f"{decimal}{abs(cents) % 100:02d}"
    return text if cents >= 0 else f"{text}-" if trailing else f"-{text}"


@given(
    st.lists(st.integers(-(10**17) + 1, 10**17 - 1), min_size=1, max_size=20),
    st.sampled_from(SIGNS),
    st.booleans(),
)
def test_an_amount_comes_back_to_the_cent_however_it_is_written(
    amounts: list[int], signs: tuple[str, str], trailing: bool
):
    texts = pd.Series([written(cents, *signs, trailing) for cents in amounts], dtype="str")
    parsed = parse(texts, "cents", FileShape(decimal=signs[0], thousands=signs[1]))
    assert not parsed.bad.any()
    assert parsed.found.tolist() == amounts


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1.234,50-", -123450),
        ("(1.234,50)", -123450),
        ("1234,5", 123450),
        ("12", 1200),
        (",5", 50),
        ("3,", 300),
        ("3,100", 310),
        ("€ 12,00", 1200),
        ("12,00\u00a0€", 1200),
        ("\u22127,00", -700),
        ("+7,00", 700),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, cents: int):
    assert one(text, decimal=",", thousands=".").found.tolist() == [cents]


@pytest.mark.parametrize(
    "text",
    [
        "1.5",
        "12.34",
        "1.23.456,00",
        "1,234.50",
        "--1",
        "-1-",
        "(1",
        "1)",
        "-",
        ",",
        "1e5",
        "nan",
        "٣",
        "1 000",
    ],
)
def test_what_could_mean_another_amount_is_refused(text: str):
    assert one(text, decimal=",", thousands=".").bad.all()


def test_an_empty_cell_is_missing_and_no_fault():
    parsed = one(None)
    assert parsed.found.isna().all()
    assert not parsed.bad.any()


def test_other_figures_may_carry_an_exponent():
    assert one("-1.5e3", "number").found.tolist() == [-1500.0]


@pytest.mark.parametrize(
    "text", ["2024-13-01", "2024-02-30", "2024-1", "2024", "01/02/2024", "2024-01-01 10:00"]
)
def test_what_is_not_written_in_a_known_format_is_no_date(text: str):
    assert one(text, "date").bad.all()


def test_the_first_format_that_fits_is_the_date():
    parsed = one("01/02/2024", "date", dates=["%d/%m/%Y", "%m/%d/%Y"])
    assert parsed.found.tolist() == [pd.Timestamp(2024, 2, 1)]


def test_flags_speak_three_languages():
    parsed = parse(pd.Series(["Oui", "no", "1", "Ja", "perhaps", None], dtype="str"), "flag", FileShape())
    assert parsed.found.tolist()[:4] == [True, False, True, True]
    assert parsed.bad.tolist() == [False, False, False, False, True, False]
