from __future__ import annotations

from models.ledger.tables import FIGURES
from tests.pipelines.demo.simulator.samples import small


def test_the_figures_agree_with_each_other():
    a = small()[0].accounts.query("not confidential")
    assert (a["total_assets"] == a["equity"] + a["total_liabilities"]).all()
    assert (a["total_liabilities"] == a["current_liabilities"] + a["long_term_debt"]).all()
    assert (a["turnover"] == a["gross_profit"] + a["cost_of_goods_sold"]).all()
    assert (a["ebitda"] == a["gross_profit"] - a["operating_expenses"]).all()
    assert (a["ebit"] == a["ebitda"] - a["depreciation"]).all()
    assert (a["net_income"] <= a["ebit"]).all()
    assert (a["current_assets"] <= a["total_assets"]).all()
    assert (a["inventory"] + a["receivables"] + a["cash"] <= a["current_assets"]).all()
    assert (a["retained_earnings"] <= a["equity"]).all()


def test_confidential_accounts_show_no_figure_and_are_a_third_of_the_small():
    accounts = small()[0].accounts
    hidden = accounts[accounts["confidential"]]
    assert 0.15 < len(hidden) / len(accounts) < 0.40
    for name, _ in FIGURES:
        assert hidden[name].isna().all()
        assert accounts.loc[~accounts["confidential"], name].notna().all()


def test_accounts_are_published_months_after_the_year_closes():
    accounts = small()[0].accounts
    days = (accounts["published_on"] - accounts["closed_on"]).dt.days
    assert days.min() > 90
    assert 130 < days.median() < 260
    assert (accounts["closed_on"].dt.month == 12).mean() > 0.6


def test_natural_persons_file_none_and_others_since_years_before():
    ledger, _ = small()
    people = ledger.customers.loc[ledger.customers["natural_person"], "siren"]
    assert not ledger.accounts["siren"].isin(people).any()
    assert (ledger.accounts["closed_on"].dt.year <= 2021).any()
    assert (ledger.accounts["closed_on"].dt.year == 2025).any()
