from __future__ import annotations

from typing import TYPE_CHECKING

from tests.pipelines.demo.simulator.samples import small

if TYPE_CHECKING:
    import pandas as pd


def documents() -> pd.DataFrame:
    ledger, _ = small()
    return ledger.payments.merge(
        ledger.invoices, on="invoice_id", how="inner", suffixes=("", "_owed"), validate="many_to_one"
    )


def test_amounts_are_positive_whole_cents_in_euros():
    invoices = small()[0].invoices
    assert (invoices["amount_cents"] > 0).all()
    assert (invoices["currency"] == "EUR").all()


def test_nothing_is_due_before_it_is_issued():
    invoices = small()[0].invoices
    assert (invoices["due_on"] >= invoices["issued_on"]).all()


def test_payments_never_exceed_what_is_owed_on_any_day():
    lines = documents().query("kind == 'invoice'").sort_values(["invoice_id", "paid_on"])
    assert (lines["amount_cents"] > 0).all()
    assert (lines.groupby("invoice_id")["amount_cents"].cumsum() <= lines["amount_cents_owed"]).all()


def test_payments_name_the_invoices_customer_and_never_precede_the_issue():
    lines = documents()
    assert (lines["customer_id"] == lines["customer_id_owed"]).all()
    assert (lines["paid_on"] >= lines["issued_on"]).all()


def test_a_credit_note_is_used_once_against_an_invoice_on_the_same_day_or_refunded():
    lines = documents()
    used = lines.query("kind == 'credit_note'")
    assert (used["amount_cents"] == -used["amount_cents_owed"]).all()
    assert used["invoice_id"].is_unique
    same_day = lines.query("kind == 'invoice'")[["customer_id", "paid_on", "amount_cents"]].drop_duplicates()
    matched = used.assign(amount_cents=-used["amount_cents"]).merge(
        same_day, on=["customer_id", "paid_on", "amount_cents"], how="left", indicator=True
    )
    assert (matched["_merge"] == "both").mean() > 0.9
    assert (matched["_merge"] == "left_only").any()


def test_money_on_account_is_received_first_and_moved_to_an_invoice_the_day_it_is_issued():
    ledger, _ = small()
    account = ledger.payments[ledger.payments["invoice_id"].isna()].sort_values(["customer_id", "paid_on"])
    assert (account["amount_cents"] > 0).any()
    daily = account.groupby(["customer_id", "paid_on"])["amount_cents"].sum()
    assert (daily.groupby("customer_id").cumsum() >= 0).all()
    moved = account[account["amount_cents"] < 0]
    lines = documents()
    lines = lines[lines["paid_on"] == lines["issued_on"]]
    pairs = moved.assign(amount_cents=-moved["amount_cents"]).merge(
        lines, on=["customer_id", "paid_on", "amount_cents"], how="left"
    )
    assert pairs["issued_on"].notna().all()


def test_some_invoices_are_paid_in_parts_and_some_parts_wait_for_the_rest():
    lines = documents().query("kind == 'invoice'")
    paid = lines.groupby("invoice_id").agg(
        days=("paid_on", "nunique"), paid=("amount_cents", "sum"), owed=("amount_cents_owed", "first")
    )
    assert (paid["days"] > 1).mean() > 0.02
    assert (paid["paid"] < paid["owed"]).any()


def test_customers_pay_on_working_days():
    days = small()[0].payments["paid_on"]
    assert (days.dt.day_of_week < 5).all()
    assert not ((days.dt.month == 5) & (days.dt.day == 1)).any()


def test_some_customers_run_their_payments_on_one_weekday():
    lines = documents().query("kind == 'invoice'")
    per_customer = lines.groupby("customer_id")["paid_on"].agg(
        ["count", lambda d: d.dt.day_of_week.value_counts(normalize=True).max()]
    )
    steady = per_customer[per_customer["count"] > 20].iloc[:, 1]
    assert (steady > 0.75).mean() > 0.15
