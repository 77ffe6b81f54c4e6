"""Flows of a ledger: by hand on two invoices, and the same in parts and on a ledger cut at the day."""

import datetime as dt
from functools import cache

import numpy as np
import pandas as pd
import pytest

from models.features.book import open_book
from models.features.default_events import DefaultEvents
from models.ledger.ledger import Ledger, as_known_on, from_frames
from models.ledger.partitions import split
from models.portfolio.flow_history import FlowHistory, flow_history
from models.portfolio.provision_matrix import Flow
from pipelines.demo.simulator import simulate

DAY = dt.date(2026, 9, 10)


@cache
def simulated() -> Ledger:
    return simulate(60, 30, 3)[0]


def measured(ledger: Ledger, as_of: dt.date = DAY, months: int = 12, lost_after: int = 200) -> FlowHistory:
    book = open_book(ledger)
    events = DefaultEvents.of(ledger, book)
    return flow_history(book, events, [""] * len(ledger.customers), as_of, months, lost_after)


def test_the_future_changes_nothing():
    assert measured(simulated()).totals() == measured(as_known_on(simulated(), DAY)).totals()


def test_parts_in_any_number_add_up():
    whole = as_known_on(simulated(), DAY)
    parts = [measured(part) for part in split(whole, 3)]
    assert FlowHistory.summed(parts) == measured(whole)


def test_what_enters_a_band_is_what_left_the_one_before():
    found = measured(simulated(), months=30).totals()[""]
    assert all(0 <= flow.passed_cents <= flow.entered_cents for flow in found)
    assert found[0].entered_cents > found[1].entered_cents > found[2].entered_cents > 0


def a_ledger(write_off: str | None = None) -> Ledger:
    """One invoice of 1 000.00 due on 1 March 2025: 400.00 paid on the 11th, the rest on 15 May."""
    customers = pd.DataFrame({"customer_id": ["C1"], "name": ["A"]})
    days = {"issued_on": pd.Timestamp(2025, 1, 30), "due_on": pd.Timestamp(2025, 3, 1)}
    invoices = pd.DataFrame(
        [{"invoice_id": "F1", "customer_id": "C1", "kind": "invoice", **days, "amount_cents": 100_000}]
    ).assign(currency="EUR")
    payments = pd.DataFrame(
        {
            "payment_id": ["P1", "P2"],
            "invoice_id": "F1",
            "customer_id": "C1",
            "paid_on": [pd.Timestamp(2025, 3, 11), pd.Timestamp(2025, 5, 15)],
            "amount_cents": [40_000, 60_000],
        }
    )
    frames = {"customers": customers, "invoices": invoices, "payments": payments}
    if write_off:
        signal = {"customer_id": ["C1"], "kind": ["write_off"], "seen_on": [pd.Timestamp(write_off)]}
        frames["signals"] = pd.DataFrame(signal)
    return from_frames(frames)


def test_an_invoice_flows_until_it_is_paid():
    found = measured(a_ledger(), dt.date(2026, 3, 31), 14).totals()[""]
    assert found == (
        Flow(100_000, 100_000, 1),
        Flow(100_000, 60_000, 1),
        Flow(60_000, 60_000, 1),
        Flow(60_000, 0, 1),
        Flow(0, 0, 0),
    )


def test_what_a_write_off_closes_is_lost():
    found = measured(a_ledger("2025-05-15"), dt.date(2026, 3, 31), 14).totals()[""]
    assert found[3:] == (Flow(60_000, 0, 1, 60_000), Flow(0, 0))


def test_each_outcome_counts_in_its_month():
    found = dict(measured(a_ledger(), dt.date(2025, 4, 1), 3).monthly())
    assert found[dt.date(2025, 3, 1)][0] == Flow(100_000, 100_000, 1)
    assert found[dt.date(2025, 4, 1)][1] == Flow(100_000, 60_000, 1)
    assert found[dt.date(2025, 3, 1)][1] == Flow(0, 0, 0)


def test_own_rates_are_known_a_year_and_the_loss_horizon_after_the_first_due_date():
    assert measured(a_ledger()).known_from(365) == dt.date(2027, 3, 1)


def test_an_empty_book_has_no_flow():
    empty = from_frames({})
    found = measured(empty)
    assert found.known_from(365) is None
    assert found.totals()[""] == (Flow(0, 0),) * 5
    assert np.size(found.months) == 12


@pytest.mark.parametrize("days", [120, 365])
def test_a_longer_wait_loses_no_more(days: int):
    short, long = (measured(simulated(), months=24, lost_after=one).totals()[""] for one in (days, days + 60))
    assert long[:4] == short[:4]
