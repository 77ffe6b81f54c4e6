import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.wording.formats import (
    LANGUAGES,
    MINUS,
    Language,
    cents,
    day,
    euros,
    is_one,
    moment,
    month,
    number,
    percent,
)
from models.wording.numerals import SPACE, WORD_SPACE, typed_decimal

AMOUNTS = st.integers(-(10**11), 10**11)


@given(AMOUNTS, st.sampled_from(LANGUAGES))
def test_an_amount_that_is_typed_as_it_was_written_is_the_same(value: int, language: Language):
    shown = cents(value, language).replace(MINUS, "-").replace("€", "")
    assert typed_decimal(shown) == Decimal(value) / 100


@pytest.mark.parametrize(
    ("write", "fr", "en"),
    [
        (lambda lang: number(-0.04, lang, 1), "0,0", "0.0"),
        (lambda lang: number(1234567.5, lang, 1, signed=True), f"+1{SPACE}234{SPACE}567,5", "+1,234,567.5"),
        (lambda lang: euros(Decimal("-1250.50"), lang, 2),
         f"{MINUS}1{SPACE}250,50{SPACE}€", f"{MINUS}€1,250.50"),
        (lambda lang: percent(Decimal("0.1215"), lang, 2), f"12,15{SPACE}%", "12.15%"),
        (lambda lang: day(dt.date(2026, 3, 1), lang), "01/03/2026", f"1{WORD_SPACE}Mar{WORD_SPACE}2026"),
        (lambda lang: month(dt.date(2026, 3, 1), lang), "03/2026", f"Mar{WORD_SPACE}2026"),
        (
            lambda lang: moment(dt.datetime(2026, 3, 1, 7, 5, tzinfo=dt.UTC), lang),
            f"01/03/2026{WORD_SPACE}07:05",
            f"1{WORD_SPACE}Mar{WORD_SPACE}2026{WORD_SPACE}07:05",
        ),
        (lambda lang: [is_one(count, lang) for count in (-1, 0, 1, 1.5, 2)],
         [True, True, True, True, False], [True, False, True, False, False]),
    ],
)  # fmt: skip
def test_each_language_writes_as_it_does(write, fr, en):
    assert (write("fr"), write("en")) == (fr, en)
