"""Claims of a ledger: they add up to the exposure, and say why they are doubtful."""

import datetime as dt
from functools import cache

import numpy as np
import pandas as pd
import pytest

from models.features.book import open_book
from models.features.movements import open_stream
from models.ledger.ledger import Ledger, as_known_on, from_frames
from models.ledger.partitions import split
from models.policy.document import load_policy
from models.portfolio.claims import ClaimBook, claim_book, segments_of
from pipelines.demo.simulator import simulate

DAY = dt.date(2026, 9, 10)
RULES = load_policy().provisions


@cache
def simulated() -> Ledger:
    return as_known_on(simulate(60, 30, 3)[0], DAY)


def test_claims_less_unused_credits_are_what_customers_owe():
    found, book = claim_book(simulated(), DAY, RULES), open_book(simulated())
    everybody = np.arange(len(book.customer_ids))
    day = np.full(len(everybody), (DAY - dt.date(1970, 1, 1)).days)
    stream = open_stream(book)
    owed = stream.total("amount", stream.start(everybody), stream.upto(everybody, day)).sum()
    open_cents = sum(one.open_cents for one in found.claims if not one.booked)
    assert open_cents - found.unused_credit_cents == owed > 0


def test_parts_in_any_number_give_the_same_claims():
    parts = [claim_book(part, DAY, RULES) for part in split(simulated(), 3)]
    assert ClaimBook.summed(parts) == claim_book(simulated(), DAY, RULES)


def test_no_claim_is_insured_beyond_itself():
    assert all(0 <= one.insured_cents <= one.open_cents for one in claim_book(simulated(), DAY, RULES).claims)


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


def a_ledger(**tables: pd.DataFrame) -> Ledger:
    """C1 owes 1 000.00 due on 1 March 2026 and 500.00 due on 1 September; C2 of the same SIREN 100.00."""
    customers = pd.DataFrame({"customer_id": ["C1", "C2"], "siren": "732829320", "naf": ["43.21A", None]})
    invoices = pd.DataFrame(
        {
            "invoice_id": ["F1", "F2", "F3"],
            "customer_id": ["C1", "C1", "C2"],
            "kind": "invoice",
            "issued_on": [day("2026-02-01"), day("2026-08-01"), day("2026-08-01")],
            "due_on": [day("2026-03-01"), day("2026-09-01"), day("2026-10-01")],
            "amount_cents": [100_000, 50_000, 10_000],
            "currency": "EUR",
        }
    )
    return from_frames({"customers": customers, "invoices": invoices, **tables})


def read(**tables: pd.DataFrame) -> dict[str, tuple[int, int, str | None]]:
    found = claim_book(as_known_on(a_ledger(**tables), DAY), DAY, RULES).claims
    return {one.invoice_id: (one.open_cents, one.insured_cents, one.reason) for one in found}


def test_money_on_account_pays_the_oldest_claim():
    money = {"payment_id": ["P1"], "invoice_id": None, "customer_id": "C1", "paid_on": [day("2026-08-05")]}
    found = read(payments=pd.DataFrame({**money, "amount_cents": [120_000]}))
    assert found["F2"][0] == 30_000
    assert "F1" not in found


def test_cover_is_spread_over_the_claims_to_the_cent():
    cover = {"customer_id": ["C1"], "insurer": "A", "valid_from": [day("2026-01-01")]}
    found = read(insurance=pd.DataFrame({**cover, "limit_eur": [1_000.0], "covered_share": [0.9]}))
    assert found["F1"][1] + found["F2"][1] == 90_000
    assert found["F3"][1] == 0


def test_long_arrears_make_everybody_of_the_entity_doubtful_as_a_default():
    assert {one[2] for one in read().values()} == {"default"}


@pytest.mark.parametrize("kind", ["liquidation", "receivership", "safeguard"])
def test_a_proceeding_goes_before_a_default(kind: str):
    filing = {"siren": ["732829320"], "kind": [kind], "judged_on": [day("2026-08-20")]}
    filings = pd.DataFrame({**filing, "published_on": [day("2026-08-25")]})
    assert {one[2] for one in read(filings=filings).values()} == {kind}


def a_write_off(**more: pd.DataFrame) -> ClaimBook:
    signal = {"customer_id": ["C1"], "kind": ["write_off"], "seen_on": [day("2026-09-05")]}
    ledger = as_known_on(a_ledger(signals=pd.DataFrame(signal), **more), DAY)
    return claim_book(ledger, DAY, RULES)


def test_a_write_off_makes_earlier_claims_lost():
    found = {one.invoice_id: one for one in a_write_off().claims}
    assert found["F1"].lost_on == found["F2"].lost_on == dt.date(2026, 9, 5)
    assert found["F3"].lost_on is None
    assert not found["F1"].booked


def test_what_the_books_closed_on_that_day_is_lost_and_booked():
    paid = {"payment_id": ["P1"], "invoice_id": "F1", "customer_id": "C1", "paid_on": [day("2026-09-05")]}
    found = {
        one.invoice_id: one
        for one in a_write_off(payments=pd.DataFrame({**paid, "amount_cents": [100_000]})).claims
    }
    assert (found["F1"].booked, found["F1"].open_cents) == (True, 100_000)
    assert not found["F2"].booked


def test_segments_are_divisions_or_sizes():
    customers = (
        simulated().customers.head(3).assign(headcount=[5.0, 300.0, np.nan], naf=["43.21A", None, "46"])
    )
    assert segments_of(customers, "sector") == ["43", "", "46"]
    assert segments_of(customers, "size") == ["micro", "eti", ""]
    assert segments_of(customers, "none") == ["", "", ""]
