from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from benchmarks.demo_outcomes import default12_outcomes, first_defaults, late30_outcomes
from tests.pipelines.demo.simulator.samples import medium, small

pytestmark = pytest.mark.slow  # thousands of customers, for deciles that come true


def clustered_error(rows: pd.DataFrame, true: str, outcome: str) -> float:
    """Return the standard error of the mean miss; a customer's months stand or fall together."""
    miss = (rows[outcome] - rows[true]).groupby(rows["customer_id"]).sum()
    return float(np.sqrt((miss**2).sum()) / len(rows))


def test_true_default_probabilities_come_true_decile_by_decile():
    rows = default12_outcomes(*medium())
    for _, decile in rows.groupby(pd.qcut(rows["pd_12m"], 10)):
        miss = decile["default12"].mean() - decile["pd_12m"].mean()
        assert abs(miss) < 3.5 * clustered_error(decile, "pd_12m", "default12") + 0.001


def test_true_probabilities_of_late_payment_come_true_decile_by_decile():
    rows = late30_outcomes(medium()[1])
    for _, decile in rows.groupby(pd.qcut(rows["p_late30"], 10)):
        assert (
            abs(decile["late30"].mean() - decile["p_late30"].mean()) < 0.004 + 0.05 * decile["late30"].mean()
        )


def test_the_truth_discriminates_as_well_as_trade_data_ever_do():
    ledger, truth = medium()
    year, late = default12_outcomes(ledger, truth), late30_outcomes(truth)
    assert 0.84 < roc_auc_score(year["default12"], year["pd_12m"]) < 0.92
    assert 0.84 < roc_auc_score(late["late30"], late["p_late30"]) < 0.93
    assert 0.022 < year["default12"].mean() < 0.042


def test_all_three_ways_lead_into_default():
    ledger, _ = medium()
    first = first_defaults(ledger)
    sirens = ledger.customers.set_index("siren")["customer_id"]
    courts = set(
        ledger.filings.loc[ledger.filings["kind"].isin(["liquidation", "receivership"]), "siren"].map(sirens)
    )
    lost = set(ledger.signals.loc[ledger.signals["kind"] == "write_off", "customer_id"])
    by_age_alone = set(first.index) - courts - lost
    assert courts
    assert lost
    assert by_age_alone


def test_the_probability_is_empty_exactly_after_a_default_that_the_ledger_shows():
    ledger, truth = medium()
    first = truth.health["customer_id"].map(first_defaults(ledger))
    month = truth.health["month"]
    after = first.notna() & (month > first) & (month <= first + pd.DateOffset(months=1))
    assert truth.health.loc[after, "pd_12m"].isna().mean() > 0.995
    before = first.isna() | (month <= first)
    assert truth.health.loc[before, "pd_12m"].notna().mean() > 0.999


def test_no_column_gives_health_away():
    ledger, truth = small()
    health = truth.health.groupby("customer_id")["health"].mean()
    bills = ledger.invoices.merge(truth.invoices, on="invoice_id")
    accounts = ledger.accounts.merge(
        ledger.customers[["siren", "customer_id"]], on="siren", suffixes=("_", "")
    )
    numbers = accounts.select_dtypes("number")
    ratios = numbers.div(numbers["total_assets"], axis=0).add_suffix("_share")
    delay = (accounts["published_on"] - accounts["closed_on"]).dt.days
    accounts = (
        pd.concat([numbers, ratios, delay.rename("delay")], axis=1).groupby(accounts["customer_id"]).mean()
    )
    columns = pd.concat(
        [
            ledger.customers.set_index("customer_id").select_dtypes("number"),
            bills.groupby("customer_id")[["amount_cents", "days_late"]].agg(["mean", "std", "count"]),
            accounts,
            pd.crosstab(ledger.signals["customer_id"], ledger.signals["kind"]),
        ],
        axis=1,
    )
    known = {name: columns[name].dropna() for name in columns if columns[name].std() > 0}
    leaks = {name: abs(values.rank().corr(health.loc[values.index].rank())) for name, values in known.items()}
    assert max(leaks.values()) < 0.9
    assert leaks[("days_late", "mean")] > 0.15
    assert leaks["equity_share"] > 0.15
