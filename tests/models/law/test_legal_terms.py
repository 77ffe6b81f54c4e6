import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import CreditError
from models.law.legal_terms import (
    BASES,
    START_POINTS,
    SectorCap,
    decade_end,
    due_date,
    latest_due,
    longest_days,
    month_end,
)

DAYS = st.dates(dt.date(2015, 1, 1), dt.date(2040, 12, 31))
HAULAGE = SectorCap(("49.41", "49.42"), "seller", 30, "invoice", "L441-11 II 5°")


def test_both_readings_of_45_days_end_of_month_on_published_dates():
    """Invoices of 15 January 2023 (solon.law, 27 October 2023) and 15 February 2025 (expertfiscal.fr)."""
    assert due_date(dt.date(2023, 1, 15), 45, "eom_plus") == dt.date(2023, 3, 17)
    assert due_date(dt.date(2023, 1, 15), 45, "plus_eom") == dt.date(2023, 3, 31)
    assert due_date(dt.date(2025, 2, 15), 45, "eom_plus") == dt.date(2025, 4, 14)
    assert due_date(dt.date(2025, 2, 15), 45, "plus_eom") == dt.date(2025, 4, 30)


def test_a_leap_day_counts():
    assert due_date(dt.date(2028, 2, 1), 45, "eom_plus") == dt.date(2028, 4, 14)
    assert due_date(dt.date(2028, 1, 30), 30) == dt.date(2028, 2, 29)
    assert month_end(dt.date(2100, 2, 1)) == dt.date(2100, 2, 28)


@given(DAYS, st.integers(0, 120))
def test_both_readings_agree_on_the_last_day_of_a_month_for_no_days_and_never_differ_by_two_months(
    day: dt.date, days: int
):
    assert due_date(month_end(day), 0, "eom_plus") == due_date(month_end(day), 0, "plus_eom")
    apart = due_date(day, days, "plus_eom") - due_date(day, days, "eom_plus")
    assert -31 < apart.days < 31
    assert due_date(day, days, "plus_eom") == month_end(due_date(day, days, "plus_eom"))
    assert due_date(day, days) <= min(due_date(day, days, basis) for basis in BASES[1:])


@given(DAYS, st.integers(0, 90), st.sampled_from(BASES))
def test_more_days_never_fall_due_earlier_and_the_longest_days_are_the_longest(
    day: dt.date, days: int, basis: str
):
    assert due_date(day, days, basis) <= due_date(day, days + 1, basis)
    latest = day + dt.timedelta(days=days)
    most = longest_days(day, basis, latest)
    if most is None:
        assert due_date(day, 0, basis) > latest
    else:
        assert due_date(day, most, basis) <= latest < due_date(day, most + 1, basis)


@given(
    DAYS,
    st.sampled_from(BASES),
    st.lists(st.tuples(st.integers(0, 90), st.sampled_from(START_POINTS)), max_size=3),
    st.integers(0, 20),
    st.booleans(),
)
def test_no_cap_is_ever_passed(
    day: dt.date, basis: str, drawn: list[tuple[int, str]], before: int, periodic: bool
):
    caps = tuple(SectorCap(("1",), "seller", days, start, "a law") for days, start in drawn)
    delivered = day - dt.timedelta(days=before)
    legal = latest_due(day, basis, caps=caps, delivered_on=delivered, periodic=periodic)
    assert legal.due_on <= latest_due(day, basis, periodic=periodic).due_on
    for cap in caps:
        alone = latest_due(day, basis, caps=(cap,), delivered_on=delivered, periodic=periodic)
        assert legal.due_on <= alone.due_on
    if basis == "net":
        assert (legal.due_on - day).days <= 60


def test_the_general_caps_are_60_days_45_at_the_end_of_the_month_and_45_for_a_periodic_invoice():
    day = dt.date(2026, 11, 5)
    assert latest_due(day).due_on == dt.date(2027, 1, 4)
    assert latest_due(day, "eom_plus").due_on == dt.date(2027, 1, 14)
    assert latest_due(day, "plus_eom").due_on == dt.date(2026, 12, 31)
    assert latest_due(day, "plus_eom", periodic=True).due_on == dt.date(2026, 12, 20)
    assert latest_due(day, periodic=True).law == "L441-10 I al. 4"


def test_sector_caps_count_from_the_day_that_their_article_names():
    day, delivered = dt.date(2026, 11, 30), dt.date(2026, 11, 12)

    def latest(days: int, start: str) -> dt.date:
        cap = SectorCap(("46.3",), "seller", days, start, "L441-11 II")
        return latest_due(day, caps=(cap,), delivered_on=delivered).due_on

    assert latest(30, "invoice") == dt.date(2026, 12, 30)
    assert latest(30, "delivery") == dt.date(2026, 12, 12)
    assert latest(20, "delivery") == dt.date(2026, 12, 2)
    assert latest(30, "decade") == dt.date(2026, 12, 20)
    assert latest(30, "delivery_month") == dt.date(2026, 12, 30)


@pytest.mark.parametrize(
    ("day", "ends"), [(1, 10), (10, 10), (11, 20), (20, 20), (21, 28), (28, 28)], ids=str
)
def test_a_month_has_three_periods_of_ten_days_and_the_last_ends_with_it(day: int, ends: int):
    assert decade_end(dt.date(2026, 2, day)) == dt.date(2026, 2, ends)


def test_a_cap_holds_by_the_beginning_of_the_code_of_the_side_it_names():
    assert HAULAGE.holds("49.41A", None)
    assert HAULAGE.holds("4941A", "43.21A")
    assert not HAULAGE.holds("43.21A", "49.41A")
    assert not HAULAGE.holds(None, None)


@pytest.mark.parametrize(("days", "basis"), [(-1, "net"), (30, "sixty")])
def test_terms_that_cannot_be_are_refused(days: int, basis: str):
    with pytest.raises(CreditError):
        due_date(dt.date(2026, 1, 1), days, basis)


def test_a_periodic_invoice_on_an_unknown_basis_is_refused():
    with pytest.raises(CreditError, match="sixty"):
        latest_due(dt.date(2026, 1, 1), "sixty", periodic=True)
