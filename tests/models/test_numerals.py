import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import numerals
from models.numerals import SPACE, in_french, unbroken


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


def test_the_examples_hold():
    assert doctest.testmod(numerals).failed == 0
