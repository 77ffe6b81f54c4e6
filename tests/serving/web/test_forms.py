import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.wording.formats import LANGUAGES
from serving.web.forms import AmbiguousNumberError, Typed, UnreadableError, figure_text, number_of
from serving.web.words import words


def typed(language: str = "fr", **fields: str) -> Typed:
    return Typed(fields, words(language))  # type: ignore[arg-type]  # languages by name


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("12000", "fr", 12_000.0),
        ("12 000", "fr", 12_000.0),
        ("12\N{NARROW NO-BREAK SPACE}000,50\N{NO-BREAK SPACE}€", "fr", 12_000.5),
        ("€12,000.50", "en", 12_000.5),
        ("12.000", "fr", 12_000.0),
        ("1.234.567,8", "fr", 1_234_567.8),
        ("12,000", "en", 12_000.0),
        ("1'234", "fr", 1_234.0),
        ("12,5", "fr", 12.5),
        ("12.5", "fr", 12.5),
        ("12,5", "en", 12.5),
        ("30 %", "fr", 30.0),
        ("-3", "en", -3.0),
        ("0,125", "fr", 0.125),
        ("1,234,567", "fr", 1_234_567.0),
    ],
)
def test_figures_are_read_as_people_type_them(text, language, value):
    assert number_of(text, language) == value


@pytest.mark.parametrize(("text", "language"), [("12,000", "fr"), ("12.000", "en"), ("1,234", "fr")])
def test_a_figure_that_reads_two_ways_is_refused(text, language):
    with pytest.raises(AmbiguousNumberError):
        number_of(text, language)


@pytest.mark.parametrize(
    "text", ["", "abc", "1e9", "NaN", "inf", "12..5", "1 2x", "--3", "١٢٣", "0x10", "1_000"]
)
def test_what_is_no_figure_is_refused(text):
    with pytest.raises(UnreadableError):
        number_of(text, "fr")


@given(value=st.floats(-1e9, 1e9), decimals=st.integers(0, 2), language=st.sampled_from(LANGUAGES))
def test_what_the_pages_write_can_be_typed_back(value, decimals, language):
    written = words(language).eur(round(value, decimals), decimals).replace("\N{MINUS SIGN}", "-")
    assert number_of(written, language) == pytest.approx(round(value, decimals))


def test_a_fault_stands_at_its_field_in_the_persons_language():
    form = typed("fr", amount="beaucoup", terms="12,5", deposit="130")
    assert (
        form.number("amount", 0.01, 1e9),
        form.whole("terms", 0, 365),
        form.number("deposit", 0, 100),
    ) == (
        None,
        None,
        None,
    )
    assert set(form.faults) == {"amount", "terms", "deposit"}
    assert "nombre" in form.faults["amount"]
    assert "entier" in form.faults["terms"]
    assert "De 0 à 100" in form.faults["deposit"]


def test_an_ambiguous_figure_is_told_with_both_ways_to_write_it():
    form = typed("fr", amount="12,000")
    assert form.number("amount", 0.01, 1e9) is None
    assert "12000" in form.faults["amount"]
    assert "12,00" in form.faults["amount"]


def test_what_is_left_empty_is_unknown_and_what_is_needed_is_asked_for():
    form = typed("en", name="  ")
    assert form.text("name") is None
    assert form.faults == {}
    assert form.text("name", needed=True) is None
    assert form.faults == {"name": "Needed."}


@pytest.mark.parametrize("text", ["2020-02-29", "29/02/2020"])
def test_days_are_read_as_browsers_send_them_and_as_people_type_them(text):
    assert typed(day=text).day("day") == dt.date(2020, 2, 29)


@pytest.mark.parametrize("text", ["2021-02-29", "31/02/2020", "tomorrow", "20200229x"])
def test_what_is_no_day_is_told(text):
    form = typed(day=text)
    assert form.day("day") is None
    assert "31/12/2025" in form.faults["day"]


def test_only_what_is_offered_can_be_chosen():
    form = typed(basis="yesterday")
    assert form.choice("basis", ("net", "eom_plus")) == "net"
    assert "basis" in form.faults
    assert typed().choice("basis", ("net", "eom_plus")) == "net"


def test_a_long_text_is_refused():
    form = typed(name="x" * 301)
    assert form.text("name", 300) is None
    assert "300" in form.faults["name"]


@given(
    value=st.one_of(
        st.floats(-1e15, 1e15).filter(lambda x: x == 0 or abs(x) >= 1e-3), st.integers(-(10**12), 10**12)
    ),
    language=st.sampled_from(LANGUAGES),
)
def test_a_figure_written_into_a_field_is_read_again_as_the_same(value, language):
    assert number_of(figure_text(value, language), language) == value


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("value", [1.125, 12.345, 123456.789, -1_234.5, 1e12, 34.5])
def test_three_decimals_are_no_thousands(value, language):
    assert number_of(figure_text(value, language), language) == value
