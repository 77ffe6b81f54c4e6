import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import CreditError
from models.portfolio.dso import MonthSales, annualised_dso, count_back_dso, dso, months_back

FIRST = dt.date(2026, 11, 1)


def a_year(sales_eur: float = 10_000.0) -> list[MonthSales]:
    return [MonthSales(day, days, sales_eur) for day, days in months_back(dt.date(2026, 10, 31), 12)]


months = st.lists(
    st.builds(MonthSales, st.just(FIRST), st.integers(28, 31), st.floats(1, 1e6)), min_size=1, max_size=14
)


def test_a_worked_example_gives_the_figures_computed_by_hand():
    found = dso(20_000, 12_000, a_year())
    assert found.annualised_days == pytest.approx(20_000 * 365 / 120_000)
    assert found.best_possible_days == pytest.approx(12_000 * 365 / 120_000)
    assert found.average_days_delinquent == pytest.approx(8_000 * 365 / 120_000)
    assert found.count_back_days == 31 + 30


def test_no_sales_give_no_figure():
    assert dso(100, 0, []).document() == {
        "annualised_days": None,
        "count_back_days": None,
        "best_possible_days": None,
        "average_days_delinquent": None,
    }


def test_receivables_older_than_all_sales_known_have_no_count_back():
    assert count_back_dso(1e6, a_year()) is None


def test_a_month_with_more_credit_notes_than_sales_takes_nothing_off():
    sales = [MonthSales(FIRST, 30, -500.0), MonthSales(FIRST, 31, 1_000.0)]
    assert count_back_dso(500, sales) == 30 + 15.5


def test_months_go_back_over_the_turn_of_the_year():
    found = months_back(dt.date(2026, 2, 3), 3)
    assert found == [(dt.date(2026, 2, 1), 3), (dt.date(2026, 1, 1), 31), (dt.date(2025, 12, 1), 31)]


@given(months, st.floats(0, 1e6))
def test_level_sales_are_counted_back_to_the_annualised_figure(sales: list[MonthSales], owed: float):
    level = [MonthSales(FIRST, 30, 1_000.0) for _ in sales]
    share = min(owed, 1_000.0 * len(level))
    assert count_back_dso(share, level) == pytest.approx(annualised_dso(share, level))


@given(months, st.floats(0, 1e6), st.floats(0, 1))
def test_best_possible_is_never_above_the_annualised(sales: list[MonthSales], owed: float, share: float):
    found = dso(owed, owed * share, sales)
    assert found.average_days_delinquent is not None
    assert found.average_days_delinquent >= -1e-9


@pytest.mark.parametrize(("owed", "not_due"), [(-1.0, 0.0), (float("nan"), 0.0), (10.0, 11.0)])
def test_receivables_that_cannot_be_are_refused(owed: float, not_due: float):
    with pytest.raises(CreditError, match="finite euros from 0"):
        dso(owed, not_due, a_year())
