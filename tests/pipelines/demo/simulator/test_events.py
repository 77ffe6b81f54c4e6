from __future__ import annotations

import pandas as pd

from models.ledger.tables import PROCEEDINGS
from tests.pipelines.demo.simulator.samples import medium, small


def test_filings_are_published_days_after_the_judgment():
    filings = medium()[0].filings
    days = (filings["published_on"] - filings["judged_on"]).dt.days
    assert days.between(5, 21).all()
    assert (filings["source"] == "BODACC").all()
    assert set(filings["kind"]) == {*PROCEEDINGS, "sale", "closure"}


def test_every_kind_of_signal_is_there():
    assert set(medium()[0].signals["kind"]) == {
        "dispute", "more_time", "returned_debit", "change_of_activity", "doubtful", "write_off",
    }  # fmt: skip


def test_a_company_in_proceedings_buys_little_and_leaves_its_invoices_unpaid():
    ledger, truth = medium()
    opened = ledger.filings[ledger.filings["kind"].isin(PROCEEDINGS)].groupby("siren")["judged_on"].min()
    day = ledger.customers.set_index("customer_id")["siren"].map(opened).dropna()
    invoices = ledger.invoices[ledger.invoices["customer_id"].isin(day.index)].query("kind == 'invoice'")
    invoices = invoices.merge(truth.invoices, on="invoice_id")
    since = (invoices["issued_on"] - invoices["customer_id"].map(day)).dt.days
    assert (since > 0).sum() < 0.25 * since.between(-180, 0).sum()
    open_then = since.between(-25, 0)
    assert invoices.loc[open_then, "days_late"].isna().mean() > 0.95


def test_a_part_of_the_customers_is_insured_and_some_limits_are_cut():
    ledger, _ = small()
    insured = ledger.insurance["customer_id"].nunique() / len(ledger.customers)
    assert 0.15 < insured < 0.4
    assert ledger.insurance["covered_share"].between(0.8, 0.9).all()
    ended = ledger.insurance[ledger.insurance["valid_to"].notna()]
    assert len(ended) > 0
    assert (ended["valid_to"] >= ended["valid_from"]).all()


def test_customers_come_and_go():
    invoices = small()[0].invoices.query("kind == 'invoice'")
    first, last = (invoices.groupby("customer_id")["issued_on"].agg(end) for end in ("min", "max"))
    assert (first > pd.Timestamp("2025-04-01")).mean() > 0.08
    assert (last < pd.Timestamp("2026-03-01")).mean() > 0.05
    assert (invoices.groupby("customer_id").size() <= 2).mean() > 0.02
