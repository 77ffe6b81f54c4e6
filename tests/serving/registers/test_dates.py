"""A day is the same however a register writes it; what is no day is none."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.registers.dates import FIRST_YEAR, LAST_YEAR, day_in, month_end_in

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
DAYS = st.dates(dt.date(FIRST_YEAR, 1, 1), dt.date(LAST_YEAR, 12, 31))


@given(DAYS)
def test_every_way_of_writing_a_day_is_read_back(day: dt.date):
    french = f"{day.day}{'er' if day.day == 1 else ''} {MONTHS[day.month - 1]} {day.year}"
    for written in (
        day.isoformat(),
        f"{day.isoformat()}T08:12:44Z",
        f"{day.day:02d}/{day.month:02d}/{day.year}",
        french,
        french.upper(),
        french.replace(" ", "\u00a0"),
        f"lundi {french}",
        day.strftime("%d%b%Y").upper(),
    ):
        assert day_in(written) == day, written


@given(DAYS)
def test_a_month_ends_on_its_last_day(day: dt.date):
    end = month_end_in(day.strftime("%Y-%m"))
    assert (end.year, end.month) == (day.year, day.month)
    assert (end + dt.timedelta(days=1)).day == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0000-00-00",
        "2024-02-30",
        "31 juin 2024",
        "10 brumaire 2024",
        "1850-01-01",
        "hier",
        "2024",
        None,
        5,
    ],
)
def test_what_is_no_day_is_none(text: object):
    assert day_in(text) is None


@given(st.text(max_size=30))
def test_no_text_is_an_error(text: str):
    found = day_in(text)
    assert found is None or FIRST_YEAR <= found.year <= LAST_YEAR
