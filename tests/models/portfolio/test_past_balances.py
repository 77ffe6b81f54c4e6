"""What is reconstructed of a past month is what a night of that day found."""

import datetime as dt
from dataclasses import replace
from functools import cache

import pytest

from models.features.book import open_book
from models.ledger.ledger import Ledger, as_known_on
from models.portfolio.dso import MonthSales, months_back
from models.portfolio.past_balances import (
    PAST_MONTHS,
    SALES_MONTHS,
    PastBalances,
    month_ends,
)
from pipelines.demo.simulator import simulate
from pipelines.ledger_parts import LedgerInMemory
from pipelines.nightly.totals import LedgerTotals, totals_of

DAY = dt.date(2026, 9, 10)


@cache
def ledger() -> Ledger:
    return simulate(80, 30, 3)[0]


def totals(count: int) -> LedgerTotals:
    parts = LedgerInMemory.of(ledger(), DAY, count)
    return LedgerTotals.summed([totals_of(parts, "EUR", part) for part in range(parts.count)])


def test_parts_in_any_number_add_up_to_the_same_past():
    one, three = totals(1), totals(3)
    assert one.past == three.past
    assert one.past_months(DAY) == three.past_months(DAY)


@pytest.mark.parametrize("months", [0, 4, PAST_MONTHS - 1])
def test_a_past_month_end_counts_only_what_was_known_on_that_day(months: int):
    end = month_ends(DAY)[months]
    then = PastBalances.of(open_book(as_known_on(ledger(), end)), DAY)
    now = PastBalances.of(open_book(as_known_on(ledger(), DAY)), DAY)
    assert now.exposure_cents[months] == then.exposure_cents[months] > 0
    assert now.overdue_cents[months] == then.overdue_cents[months] > 0
    assert now.overdue_net_cents[months] == then.overdue_net_cents[months] > 0


def a_past(first_issued: dt.date, payments: int = 1) -> PastBalances:
    amounts = ((10_000,) * PAST_MONTHS, (3_000,) * PAST_MONTHS, (2_500,) * PAST_MONTHS)
    return PastBalances((first_issued - dt.date(1970, 1, 1)).days, payments, *amounts)


def sales(as_of: dt.date) -> list[MonthSales]:
    return [MonthSales(first, days, 100.0) for first, days in months_back(as_of, PAST_MONTHS + SALES_MONTHS)]


def test_the_dso_of_a_past_month_is_measured_against_the_year_before_it():
    as_of = dt.date(2026, 9, 10)
    known = [replace(month, sales_eur=0.0) if month.first_day.month == 9 else month for month in sales(as_of)]
    found = a_past(dt.date(2020, 1, 1)).documents(as_of, known)[-1]
    assert found["as_of"] == "2026-08-31"
    # 100 EUR owed of 1 100 sold in 365 days, September 2025 without sales.
    assert found["dso"]["annualised_days"] == pytest.approx(100 * 365 / 1_100)
    assert found["dso"]["best_possible_days"] == pytest.approx(75 * 365 / 1_100)


def test_months_that_a_ledger_does_not_reach_are_left_out():
    as_of = dt.date(2026, 9, 10)
    reached = [one["as_of"] for one in a_past(dt.date(2025, 6, 1)).documents(as_of, sales(as_of))]
    assert reached == ["2026-05-31", "2026-06-30", "2026-07-31", "2026-08-31"]
    assert len(a_past(dt.date(2024, 1, 1)).documents(as_of, sales(as_of))) == PAST_MONTHS
    assert a_past(dt.date(2024, 1, 1), payments=0).documents(as_of, sales(as_of)) == []
