import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.portfolio.aging import BANDS, OpenItem, aged_balance, band_of, summed

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
        "exposure_eur": 2050.21,
        "in_credit_eur": 0.0,
        "overdue_net_eur": 1750.18,
    }


@given(st.lists(items))
def test_the_bands_add_up_to_all_that_is_open_to_the_cent(those: list[OpenItem]):
    found = aged_balance(those, DAY)
    assert found.total_cents == sum(item.open_cents for item in those)
    assert found.overdue_cents == sum(item.open_cents for item in those if item.due_on < DAY)
    assert found.disputed_cents == sum(item.open_cents for item in those if item.disputed)


customers = st.lists(
    st.tuples(
        st.lists(st.builds(
            OpenItem, st.just("C"), st.dates(dt.date(2026, 1, 1), dt.date(2027, 3, 1)),
            st.integers(1, 10_000_000), st.booleans(),
        ), max_size=6),
        st.integers(-20_000_000, 0),
    ),
    max_size=6,
)  # fmt: skip


@given(customers)
def test_ageing_exposure_overdue_and_credit_hang_together(those: list[tuple[list[OpenItem], int]]):
    each = [aged_balance(items, DAY, on_account) for items, on_account in those]
    whole = summed(each)
    owed = [sum(item.open_cents for item in items) + on_account for items, on_account in those]
    assert whole.net_cents == sum(owed)
    assert whole.exposure_cents == sum(max(one, 0) for one in owed)
    assert whole.in_credit_cents == sum(min(one, 0) for one in owed)
    assert whole.net_cents == whole.total_cents + whole.on_account_cents
    assert 0 <= whole.overdue_net_cents <= min(whole.overdue_cents, whole.exposure_cents)
    for one in (*each, whole):
        # More is overdue than is owed only by what stands next to it, on account.
        assert one.overdue_cents - one.exposure_cents <= -one.on_account_cents
        assert one.overdue_cents - one.overdue_net_cents <= -one.on_account_cents


@given(customers, st.integers(-(10**9), 0))
def test_one_customers_credit_lowers_no_other_customers_debt_or_delay(
    those: list[tuple[list[OpenItem], int]], credit: int
):
    each = [aged_balance(items, DAY, on_account) for items, on_account in those]
    without, with_ = summed(each), summed([*each, aged_balance([], DAY, credit)])
    assert with_.exposure_cents == without.exposure_cents
    assert with_.overdue_net_cents == without.overdue_net_cents
    assert with_.cents == without.cents
    assert with_.net_cents == without.net_cents + credit


def test_money_given_back_that_no_invoice_asks_for_is_owed_and_not_overdue():
    found = aged_balance([OpenItem("C1", DAY - dt.timedelta(days=3), 500)], DAY, 200)
    assert (found.net_cents, found.exposure_cents, found.overdue_net_cents) == (700, 700, 500)
