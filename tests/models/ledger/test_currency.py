"""A rate counts for its day and the days after it that had none; one that is missing is never guessed."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import RateError
from models.ledger.currency import Rate, cents_at, read_rates

FILE = """Date,USD,JPY,ISK,
2026-03-06,1.10,160.00,N/A,
2026-03-05,1.08,159.50,150.1,
2026-03-02,1.05,158.00,149.0,
"""


def rates_of(folder: Path, text: str = FILE):
    (folder / "rates.csv").write_text(text, encoding="utf-8")
    return read_rates(folder / "rates.csv")


def test_a_day_has_its_own_rate_and_a_weekend_fridays(tmp_path: Path):
    table = rates_of(tmp_path)
    assert table.of("USD", dt.date(2026, 3, 5)) == Rate(Decimal("1.08"), dt.date(2026, 3, 5))
    for day in (7, 8, 9):
        assert table.of("USD", dt.date(2026, 3, day)).day == dt.date(2026, 3, 6)


def test_a_cell_without_a_quote_takes_the_last_one_before(tmp_path: Path):
    assert rates_of(tmp_path).of("ISK", dt.date(2026, 3, 6)).per_eur == Decimal("150.1")


@pytest.mark.parametrize(
    ("code", "day"),
    [("USD", "2026-03-01"), ("USD", "2026-03-14"), ("XAU", "2026-03-05"), ("ISK", "2026-03-13")],
)
def test_a_missing_rate_names_currency_and_day(tmp_path: Path, code: str, day: str):
    with pytest.raises(RateError, match=f"no rate of {code} for {day}"):
        rates_of(tmp_path).of(code, dt.date.fromisoformat(day))


def test_a_euro_is_a_euro_on_any_day(tmp_path: Path):
    table = rates_of(tmp_path)
    assert cents_at(12_345, table.of("EUR", dt.date(1999, 1, 1))) == 12_345
    assert cents_at(110_00, table.of("USD", dt.date(2026, 3, 6))) == 100_00


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "begins with ''"),
        ("Day,USD\n", "begins with 'Day,USD'"),
        ("Date,dollar\n", "three capitals"),
        ("Date,USD\n06/03/2026,1.1\n", "line 2: '06/03/2026' is no day"),
        ("Date,USD\n0000-00-00,1.1\n", "is no day"),
        ("Date,USD\n2026-03-06,one\n2026-03-05,-1\n", "line 2: USD is 'one'.*line 3: USD is '-1'"),
        ("Date,USD\n2026-03-06,0\n", "above 0"),
        ("Date,USD\n2026-03-06,1.1\n2026-03-06,1.2\n", "appears twice with different rates"),
    ],
)
def test_a_file_at_fault_says_where(tmp_path: Path, text: str, words: str):
    with pytest.raises(RateError, match=words):
        rates_of(tmp_path, text)


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path):
    with pytest.raises(RateError, match="cannot be read"):
        read_rates(tmp_path / "none.csv")


@given(st.integers(-(10**12), 10**12), st.decimals("0.01", "200", places=4))
def test_a_converted_amount_is_within_half_a_cent_and_keeps_its_sign(cents: int, per_eur: Decimal):
    made = cents_at(cents, Rate(per_eur, dt.date(2026, 3, 6)))
    assert abs(Decimal(made) * per_eur - cents) <= per_eur / 2 + Decimal("1e-9")
    assert made * cents >= 0
    assert cents_at(-cents, Rate(per_eur, dt.date(2026, 3, 6))) == -made
