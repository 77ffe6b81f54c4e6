from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import CreditError
from models.wording.numerals import SPACE, in_french, typed_decimal, unbroken


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("1,234,567", f"1{SPACE}234{SPACE}567"),
        ("-0.25", "-0,25"),
        ("12.5%", f"12,5{SPACE}%"),
        ("7 %", "7 %"),
        ("1,500 €", f"1{SPACE}500 €"),
        ("%", "%"),
        ("", ""),
    ],
)
def test_separators_become_french(english: str, french: str):
    assert in_french(english) == french


@given(value=st.floats(-1e12, 1e12), decimals=st.integers(0, 6))
def test_no_digit_is_lost(value: float, decimals: int):
    english = f"{value:,.{decimals}f}"
    back = in_french(english).replace(",", ".").replace(SPACE, ",")
    assert back == english


def test_signs_stay_on_the_line_of_their_word():
    assert (
        unbroken("« a » : b ; c ? 5 % ou 3 €")
        == f"«{SPACE}a{SPACE}»{SPACE}: b{SPACE}; c{SPACE}? 5{SPACE}% ou 3{SPACE}€"
    )


@given(text=st.text(alphabet="a :;?!»«€%"))
def test_typesetting_again_changes_nothing(text: str):
    assert unbroken(unbroken(text)) == unbroken(text)


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("1000,50", "1000.50"),
        ("1 000,50 €", "1000.50"),
        ("1\u202f000,5", "1000.5"),
        ("1.000,50", "1000.50"),
        ("1,000.50", "1000.50"),
        ("1000.50", "1000.50"),
        ("12,5", "12.5"),
        ("12,5 %", "12.5"),
        ("-3", "-3"),
        ("10000", "10000"),
    ],
)
def test_a_figure_is_read_as_it_is_typed_in_either_language(text: str, figure: str):
    assert typed_decimal(text) == Decimal(figure)


@pytest.mark.parametrize("text", ["1.000", "1,000", "", "nan", "snan", "1e5", "1,2,3", "douze", "1.00,5.0"])
def test_a_figure_that_may_be_read_in_two_ways_or_in_none_is_refused(text: str):
    with pytest.raises(CreditError):
        typed_decimal(text)
