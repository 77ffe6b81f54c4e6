"""A ledger in any parts gives the rows of the whole, to the last bit."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import LedgerError
from models.learning.rows import DefaultQuestions, DefaultRows, LateQuestions, LateRows, TrainingRows
from models.ledger.ledger import Ledger
from pipelines.ledger_parts import LedgerInMemory
from pipelines.training.drawing import draw
from pipelines.training.findings.peek import peek
from tests.builders import FIRST, a_customer, a_ledger, an_invoice, number, on, some_accounts
from tests.random_ledger import LAST_DAY, draw_ledger


def all_requests(cut: int, most: int, seed: int) -> list:
    first = max(cut - 200, FIRST)
    return [
        LateRows(30, cut, most, seed),
        DefaultRows(cut, most, seed, every_months=2),
        LateQuestions(15, first, cut, most, seed),
        DefaultQuestions(first, cut, cut, most, seed),
    ]


def contents(rows: TrainingRows) -> list[object]:
    numbers = rows.frame, rows.label, rows.owner, rows.day, rows.days_late, rows.due, rows.lateness
    return [rows.subject.tolist(), *(np.ascontiguousarray(one).tobytes() for one in numbers)]


def drawn(ledger: Ledger, day: int, count: int, most: int, seed: int = 7) -> list[TrainingRows]:
    parts = LedgerInMemory.of(ledger, on(day).item().date(), count)
    return list(draw(parts, all_requests(number(day), most, seed)).rows)


@settings(max_examples=8, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    day=st.integers(30, LAST_DAY),
    count=st.integers(2, 5),
    most=st.sampled_from([1, 7, 10**6]),
)
def test_any_ledger_in_any_parts_gives_the_rows_of_the_whole(seed: int, day: int, count: int, most: int):
    ledger = draw_ledger(seed)
    whole, parts = drawn(ledger, day, 1, most), drawn(ledger, day, count, most)
    assert [contents(rows) for rows in parts] == [contents(rows) for rows in whole]
    assert all(len(rows) <= most for rows in whole)


@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 10**6), most=st.integers(1, 60))
def test_more_rows_hold_the_fewer(seed: int, most: int):
    ledger = draw_ledger(seed)
    fewer, more = drawn(ledger, 600, 3, most), drawn(ledger, 600, 2, 2 * most)
    for some, others in zip(fewer, more, strict=True):
        rows = [set(zip(one.subject, one.day, strict=True)) for one in (some, others)]
        assert rows[0] <= rows[1]
        assert len(others) == len(some) or len(some) == most


def test_customers_without_any_invoice_are_asked_about_only_in_a_ledger_without_invoices():
    customers = [a_customer(f"C{place}") for place in range(12)]
    accounts = [some_accounts(2023, 100 + place, f"C{place}") for place in range(12)]
    bare = a_ledger([], customers=customers, accounts=accounts)
    billed = a_ledger([an_invoice("F1", 0, 30, customer_id="C4")], customers=customers, accounts=accounts)
    for count in (1, 4):
        assert len(set(drawn(bare, 900, count, 10**6)[1].subject)) == 12
        assert set(drawn(billed, 900, count, 10**6)[1].subject) == {"C4"}


def test_two_currencies_in_two_parts_are_refused():
    names = [f"C{place}" for place in range(12)]
    bills = [an_invoice(f"F{who}", 0, 30, customer_id=who) for who in names]
    ledger = a_ledger(bills, customers=[a_customer(who) for who in names])
    codes = ledger.invoices["currency"].where(ledger.invoices["customer_id"] != "C7", "USD")
    mixed = replace(ledger, invoices=ledger.invoices.assign(currency=codes))
    with pytest.raises(LedgerError, match="EUR, USD"):
        drawn(mixed, 400, 12, 10)


@pytest.mark.parametrize("target", ["late", "default"])
def test_rows_are_recomputed_the_same_in_any_parts(target: str):
    ledger, place = draw_ledger(11), ("late", "default").index(target)
    rows = drawn(ledger, 600, 1, 10**6)[place]
    found = [peek(LedgerInMemory.of(ledger, on(600).item().date(), n), target, rows, 3) for n in (1, 4)]
    assert found[0] == found[1]
    assert found[0].passed
    assert found[0].rows > 0
