import math

import numpy as np
import pytest

from models.features.ratios import RATIOS
from tests.builders import a_customer, a_ledger, customer_at, some_accounts

SOUND = {
    "turnover": 1_000.0, "gross_profit": 400.0, "cost_of_goods_sold": 600.0, "operating_expenses": 250.0,
    "ebitda": 150.0, "depreciation": 30.0, "ebit": 120.0, "net_income": 80.0, "total_assets": 800.0,
    "current_assets": 500.0, "inventory": 120.0, "receivables": 200.0, "cash": 60.0, "equity": 320.0,
    "retained_earnings": 160.0, "total_liabilities": 480.0, "current_liabilities": 250.0,
    "long_term_debt": 200.0, "months": 12.0,
}  # fmt: skip


def ratios(*years: dict[str, object], day: int = 3_000) -> dict[str, float]:
    """Return the ratios of a company whose years close one after the other, each published 100 days later."""
    rows = [some_accounts(365 * place, 365 * place + 100, **year) for place, year in enumerate(years)]  # type: ignore[arg-type]  # by name
    return customer_at(a_ledger(customers=[a_customer()], accounts=rows), day)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("equity_ratio", 0.4),
        ("retained_ratio", 0.2),
        ("liabilities_to_sales", 0.48),
        ("long_debt_ratio", 0.25),
        ("debt_to_ebitda", 200 / 150),
        ("current_ratio", 2.0),
        ("quick_ratio", 380 / 250),
        ("working_capital_ratio", 250 / 800),
        ("cash_ratio", 60 / 800),
        ("current_liabilities_ratio", 250 / 800),
        ("return_on_assets", 0.1),
        ("ebit_ratio", 0.15),
        ("ebitda_ratio", 150 / 800),
        ("ebitda_to_liabilities", 150 / 480),
        ("net_margin", 0.08),
        ("gross_margin", 0.4),
        ("asset_turnover", 1.25),
        ("depreciation_ratio", 30 / 800),
        ("receivable_days", 73.0),
        ("inventory_days", 73.0),
        ("loss_years", 0.0),
    ],
)
def test_a_ratio_is_the_textbook_s(name: str, value: float):
    assert ratios(SOUND)[name] == pytest.approx(value)


def test_a_short_year_s_turnover_is_put_to_twelve_months():
    assert ratios({**SOUND, "months": 6.0})["turnover"] == 2_000.0
    assert ratios({**SOUND, "months": None})["turnover"] == 1_000.0


def test_missing_equity_is_assets_less_liabilities_and_missing_gross_profit_sales_less_costs():
    found = ratios({**SOUND, "equity": None, "gross_profit": None})
    assert (found["equity_ratio"], found["gross_margin"]) == (0.4, 0.4)


def test_dividing_by_nothing_is_unknown_and_by_next_to_nothing_is_bounded():
    found = ratios({**SOUND, "ebitda": 0.0, "current_liabilities": 1e-9})
    assert math.isnan(found["debt_to_ebitda"])
    assert found["current_ratio"] == 1e6


def test_a_change_needs_the_year_before():
    assert math.isnan(ratios(SOUND)["equity_ratio_change"])
    found = ratios({**SOUND, "equity": 400.0, "turnover": 800.0}, SOUND)
    assert found["equity_ratio_change"] == pytest.approx(-0.1)
    assert found["turnover_growth"] == pytest.approx(0.25)


def test_a_year_missing_in_between_leaves_the_change_unknown():
    rows = [some_accounts(0, 100, **SOUND), some_accounts(730, 830, **SOUND)]  # type: ignore[arg-type]  # by name
    found = customer_at(a_ledger(accounts=rows), 900)
    assert math.isnan(found["turnover_growth"])


def test_a_short_year_in_between_hides_no_year_before():
    rows = [
        some_accounts(0, 100, **{**SOUND, "total_assets": 400.0}),  # type: ignore[arg-type]  # by name
        some_accounts(200, 300, **SOUND),  # type: ignore[arg-type]  # by name
        some_accounts(365, 465, **SOUND),  # type: ignore[arg-type]  # by name
    ]
    assert customer_at(a_ledger(accounts=rows), 900)["total_assets_growth"] == 1.0


def test_losses_are_counted_over_three_years_at_most():
    loss = {**SOUND, "net_income": -1.0}
    assert ratios(loss, loss, loss, loss)["loss_years"] == 3.0
    assert ratios(loss, SOUND, loss)["loss_years"] == 2.0
    assert ratios(loss, SOUND, SOUND, SOUND)["loss_years"] == 0.0
    assert math.isnan(ratios({**SOUND, "net_income": None})["loss_years"])


def test_what_one_customer_files_is_never_the_year_before_of_another():
    rows = [some_accounts(0, 100, "C1", **SOUND), some_accounts(365, 465, "C2", **SOUND)]  # type: ignore[arg-type]  # by name
    ledger = a_ledger(customers=[a_customer("C1"), a_customer("C2")], accounts=rows)
    assert math.isnan(customer_at(ledger, 900, "C2")["turnover_growth"])


def test_every_ratio_comes_out():
    found = ratios(SOUND, SOUND, SOUND)
    assert not np.isnan([found[ratio.name] for ratio in RATIOS]).any()
