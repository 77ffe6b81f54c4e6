"""Invoices to come: regular customers go on, others do not, and nothing is known before its day."""

import numpy as np

from models.features.book import open_book
from models.ledger.ledger import Ledger
from models.portfolio.payment_weeks import WEEKS
from models.portfolio.recurring_sales import PAST_WEEKS, LagCounts, recurring_receipts
from tests.builders import a_customer, a_ledger, a_payment, an_invoice, cut, number

DAY = 400


def weekly(customer_id: str, weeks: int, paid_after: int, last: int = DAY, eur: float = 100.0) -> list:
    """Return invoices of each of the last weeks, and their payments so many days after issue."""
    issued = [last - 7 * week for week in range(weeks)]
    names = [f"{customer_id}-{day}" for day in issued]
    invoices = [
        an_invoice(name, issued=day, due=day + 30, eur=eur, customer_id=customer_id)
        for name, day in zip(names, issued, strict=True)
    ]
    payments = [
        a_payment(name, day + paid_after, eur, customer_id)
        for name, day in zip(names, issued, strict=True)
        if day + paid_after <= DAY
    ]
    return [invoices, payments]


def ledger_of(*several: list) -> Ledger:
    ids = sorted({row["customer_id"] for invoices, _ in several for row in invoices})
    return a_ledger(
        [row for invoices, _ in several for row in invoices],
        [row for _, payments in several for row in payments],
        [a_customer(who) for who in ids],
    )


def expected(ledger: Ledger) -> np.ndarray:
    book, day = open_book(ledger), number(DAY)
    return recurring_receipts(book, day, LagCounts.of(book, day)) / 100


def test_a_weekly_customer_goes_on_and_pays_as_it_did():
    (weeks,) = expected(ledger_of(weekly("C1", PAST_WEEKS, paid_after=10)))
    np.testing.assert_allclose(weeks[0], 0.0, atol=1e-9)  # ten days after issue is in the second week
    np.testing.assert_allclose(weeks[1:], 100.0, rtol=0.01)


def test_customers_without_a_rhythm_or_gone_bring_nothing():
    few, gone = weekly("C1", 5, paid_after=10), weekly("C2", 12, paid_after=10, last=DAY - 7 * 14)
    assert (expected(ledger_of(few, gone)) == 0).all()


def test_open_invoices_count_as_unpaid_so_far():
    slow = expected(ledger_of(weekly("C1", PAST_WEEKS, paid_after=70)))[0]
    assert (slow[:9] < 1.0).all()
    assert slow[-1] > 90.0


def test_counts_of_parts_add_up_and_know_nothing_after_the_day():
    one, two = weekly("C1", 20, paid_after=10), weekly("C2", 20, paid_after=40)
    day = number(DAY)
    whole = LagCounts.of(open_book(ledger_of(one, two)), day)
    parts = LagCounts.of(open_book(ledger_of(one)), day) + LagCounts.of(open_book(ledger_of(two)), day)
    np.testing.assert_allclose(whole.paid, parts.paid)
    later = ledger_of(weekly("C1", 30, paid_after=10, last=DAY + 28))
    before = LagCounts.of(open_book(cut(later, DAY)), day)
    np.testing.assert_allclose(LagCounts.of(open_book(later), day).paid, before.paid)
    assert before.hazards.shape == (WEEKS,)
