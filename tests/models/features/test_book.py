import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.features.book import open_book
from models.features.running import NEVER
from models.ledger.ledger import Ledger
from tests.builders import FIRST, a_customer, a_ledger, a_payment, an_invoice
from tests.models.features.by_hand import FAR, shelve
from tests.random_ledger import draw_ledger


def settled_on(ledger: Ledger) -> list[int | None]:
    """Return the day on which each document was settled, counted from the start, None where never."""
    return [None if day == NEVER else int(day) - FIRST for day in open_book(ledger).settled]


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_settlement_lateness_and_passing_are_what_counting_day_by_day_gives(seed: int):
    ledger = draw_ledger(seed)
    book = open_book(ledger)
    by_name = {bill.name: bill for bill in shelve(ledger).bills}
    for place, name in enumerate(book.invoice_ids):
        bill = by_name[name]
        settled = bill.standing(FAR - 1)[1]
        assert int(book.settled[place]) == (NEVER if settled == FAR else FIRST + settled)
        if settled < FAR:
            assert int(book.days_late[place]) == bill.days_late(settled)
        for age in (0, 30, 90):
            passes = bill.passes(age)
            assert int(book.passes(age)[place]) == (NEVER if passes == FAR else FIRST + passes)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_what_documents_take_of_payments_adds_up_to_what_is_no_longer_owed(seed: int):
    ledger = draw_ledger(seed)
    book = open_book(ledger)
    taken = np.zeros(len(book.amount), dtype=np.int64)
    on_document = book.pay_document >= 0
    np.add.at(taken, book.pay_document[on_document], book.pay_applied[on_document])
    left = {bill.name: bill.standing(FAR - 1)[0] for bill in shelve(ledger).bills}
    assert (book.amount - taken).tolist() == [left[name] for name in book.invoice_ids]


@pytest.mark.parametrize(
    ("paid_eur", "day"), [(1_000.0, 40), (999.0, 40), (998.99, None), (1_200.0, 40), (-1_000.0, None)]
)
def test_an_invoice_is_settled_when_at_most_a_euro_is_left(paid_eur: float, day: int | None):
    assert settled_on(a_ledger([an_invoice("F1", 0, 30)], [a_payment("F1", 40, paid_eur)])) == [day]


def test_a_small_invoice_tolerates_one_percent_only():
    short = a_ledger([an_invoice("F1", 0, 30, 10.0)], [a_payment("F1", 40, 9.89)])
    enough = a_ledger([an_invoice("F1", 0, 30, 10.0)], [a_payment("F1", 40, 9.90)])
    assert (settled_on(short), settled_on(enough)) == ([None], [40])


def test_an_invoice_is_settled_by_the_payment_that_completes_it():
    parts = [a_payment("F1", 20, 300.0), a_payment("F1", 35, 300.0), a_payment("F1", 50, 400.0)]
    assert settled_on(a_ledger([an_invoice("F1", 0, 30)], parts)) == [50]


def test_an_invoice_paid_before_its_issue_is_settled_at_its_issue():
    assert settled_on(a_ledger([an_invoice("F1", 20, 50)], [a_payment("F1", 5)])) == [20]


def test_a_refund_alone_settles_nothing_and_a_used_credit_note_is_no_settlement():
    ledger = a_ledger(
        [an_invoice("F1", 0, 30), an_invoice("N1", 0, 0, 500.0, kind="credit_note")],
        [a_payment("F1", 10, -1_000.0), a_payment("N1", 10, -500.0)],
    )
    assert settled_on(ledger) == [None, None]


def test_a_payment_for_an_unknown_document_is_money_on_account():
    book = open_book(a_ledger([an_invoice("F1", 0, 30)], [a_payment("ELSEWHERE", 10, 50.0)]))
    assert book.pay_document.tolist() == [-1]
    assert book.pay_applied.tolist() == [5_000]


def test_an_early_payment_keeps_its_early_days_whatever_the_dispute():
    ledger = a_ledger([an_invoice("F1", 0, 30, disputed=(5, 40))], [a_payment("F1", 20)])
    assert open_book(ledger).days_late.tolist() == [-10]


def test_a_dispute_still_open_puts_lateness_off_for_good():
    book = open_book(a_ledger([an_invoice("F1", 0, 30, disputed=(40, None))]))
    assert book.passes(0).tolist() == [FIRST + 31]
    assert book.passes(30).tolist() == [NEVER]


def test_an_unknown_customer_has_no_code():
    book = open_book(a_ledger(customers=[a_customer("C1"), a_customer("C2")]))
    assert book.codes(pd.Series(["C2", "C9", None])).tolist() == [1, -1, -1]
