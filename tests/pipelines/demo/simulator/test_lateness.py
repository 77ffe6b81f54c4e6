from __future__ import annotations

import pandas as pd

from benchmarks.demo_outcomes import late30_outcomes
from tests.pipelines.demo.simulator.samples import small


def test_disputes_open_after_the_issue_and_close_after_they_opened():
    invoices = small()[0].invoices
    disputed = invoices[invoices["disputed_from"].notna()]
    assert len(disputed) > 20
    assert (disputed["disputed_from"] > disputed["issued_on"]).all()
    assert not (disputed["disputed_to"] < disputed["disputed_from"]).any()
    assert disputed["disputed_to"].isna().any()
    assert invoices.loc[invoices["disputed_from"].isna(), "disputed_to"].isna().all()


def test_disputed_invoices_are_paid_once_the_dispute_is_over():
    ledger, _ = small()
    last = ledger.payments.groupby("invoice_id").agg(paid=("amount_cents", "sum"), on=("paid_on", "max"))
    disputed = ledger.invoices[ledger.invoices["disputed_from"].notna()].join(last, on="invoice_id")
    settled = disputed[disputed["paid"] == disputed["amount_cents"]]
    assert len(settled) > 10
    assert (settled["on"] > settled["disputed_to"]).all()


def test_rates_are_those_of_a_french_seller():
    ledger, truth = small()
    assert 0.04 < late30_outcomes(truth)["late30"].mean() < 0.10
    assert 6 < truth.invoices["days_late"].mean() < 13
    assert 30 < len(truth.invoices) / len(ledger.customers) < 70


def test_the_days_drawn_are_those_of_the_last_payment():
    ledger, truth = small()
    bills = ledger.invoices[ledger.invoices["disputed_from"].isna()].merge(truth.invoices, on="invoice_id")
    last = ledger.payments.groupby("invoice_id").agg(paid=("amount_cents", "sum"), on=("paid_on", "max"))
    bills = bills.join(last, on="invoice_id")
    settled = bills[bills["paid"] == bills["amount_cents"]]
    assert ((settled["on"] - settled["due_on"]).dt.days == settled["days_late"]).all()
    unpaid = bills[bills["paid"].fillna(0) < bills["amount_cents"]]
    ends_later = unpaid["due_on"] + pd.to_timedelta(unpaid["days_late"], unit="D") > pd.Timestamp(
        "2026-09-30"
    )
    assert (ends_later | unpaid["days_late"].isna()).all()
