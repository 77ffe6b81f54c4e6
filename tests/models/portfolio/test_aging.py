import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.portfolio.aging import BANDS, OpenItem, aged_balance, aged_by_customer, band_of

DAY = dt.date(2026, 11, 21)

items = st.builds(
    OpenItem,
    customer_id=st.sampled_from(["C1", "C2", "C3"]),
    due_on=st.dates(dt.date(2026, 1, 1), dt.date(2027, 3, 1)),
    open_cents=st.integers(-10_000, 10_000_000),
    disputed=st.booleans(),
)


@pytest.mark.parametrize(
    ("days", "band"),
    [(-400, 0), (0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4), (4000, 4)],
)
def test_a_band_holds_its_last_day_and_not_the_next(days: int, band: int):
    assert band_of(days) == BANDS[band]


def test_the_balance_of_a_hand_made_ledger_is_the_one_added_up_by_hand():
    ages = [(-5, 10_001), (0, 20_002), (1, 30_003), (45, 40_004), (75, 50_005), (200, 60_006)]
    found = aged_balance([OpenItem("C1", DAY - dt.timedelta(days=a), c) for a, c in ages], DAY, -5_000)
    assert found.cents == (30_003, 30_003, 40_004, 50_005, 60_006)
    assert found.document() == {
        "not_due_eur": 300.03,
        "d1_30_eur": 300.03,
        "d31_60_eur": 400.04,
        "d61_90_eur": 500.05,
        "over_90_eur": 600.06,
        "total_eur": 2100.21,
        "overdue_eur": 1800.18,
        "disputed_eur": 0.0,
        "on_account_eur": -50.0,
        "net_eur": 2050.21,
    }


@given(st.lists(items))
def test_the_bands_add_up_to_all_that_is_open_to_the_cent(those: list[OpenItem]):
    found = aged_balance(those, DAY)
    assert found.total_cents == sum(item.open_cents for item in those)
    assert found.overdue_cents == sum(item.open_cents for item in those if item.due_on < DAY)
    assert found.disputed_cents == sum(item.open_cents for item in those if item.disputed)


@given(st.lists(items))
def test_the_customers_balances_add_up_to_the_portfolios(those: list[OpenItem]):
    whole, parts = aged_balance(those, DAY), aged_by_customer(those, DAY)
    assert set(parts) == {item.customer_id for item in those}
    assert whole.cents == tuple(sum(part.cents[band] for part in parts.values()) for band in range(5))
