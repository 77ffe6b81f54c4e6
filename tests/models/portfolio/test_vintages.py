import datetime as dt

from models.features.book import Book, open_book
from models.ledger.ledger import as_known_on
from models.portfolio.vintages import AGES, QUARTERS, Vintages
from pipelines.demo.simulator import simulate
from pipelines.ledger_parts import LedgerInMemory
from tests.builders import a_customer, a_ledger, a_payment, an_invoice

AS_OF = dt.date(2024, 11, 15)


def a_book(day: dt.date = AS_OF) -> Book:
    """Return four invoices of the first quarter of 2024, of 1,000 EUR each, and one before them."""
    ledger = a_ledger(
        customers=[a_customer()],
        invoices=[
            an_invoice("I0", -200, -170),
            an_invoice("I1", 0, 30),
            an_invoice("I2", 10, 40),
            an_invoice("I3", 20, 50),
            an_invoice("I4", 90, 120),
        ],
        payments=[
            a_payment("I0", -170),
            a_payment("I1", 25),
            a_payment("I2", 110),
            a_payment("I3", 50, 400.0),
        ],
    )
    return open_book(as_known_on(ledger, day))


def first_quarter(day: dt.date = AS_OF) -> dict[str, list[float]]:
    found = Vintages.of(a_book(day), day).documents(day)
    return next(one for one in found if one["quarter"] == "2024-01-01")


def test_what_is_unpaid_falls_with_each_payment_by_the_age_of_its_invoice():
    curve = first_quarter()
    assert curve["issued_eur"] == 4_000.0
    # I1 is paid on its day 25, 400 EUR of I3 on its day 30, I2 on its day 100.
    assert curve["unpaid_shares"][:5] == [1.0, 0.65, 0.65, 0.65, 0.4]


def test_what_was_late_stays_late_after_it_is_paid():
    # I2, I3 and I4 are more than 30 days late on their day 61; the second month is 61 days.
    assert first_quarter()["late_shares"][:4] == [0.0, 0.0, 0.75, 0.75]


def test_an_age_is_known_once_every_invoice_has_reached_it():
    assert len(first_quarter()["unpaid_shares"]) == 8  # 229 days after 31 March, of which 7 months are 213
    assert len(first_quarter(dt.date(2024, 4, 1))["unpaid_shares"]) == 1


def test_a_later_night_changes_no_age_that_was_known():
    early, late = first_quarter(dt.date(2024, 7, 20)), first_quarter()
    count = len(early["unpaid_shares"])
    assert early["unpaid_shares"] == late["unpaid_shares"][:count]
    assert early["late_shares"] == late["late_shares"][:count]


def test_a_quarter_that_the_ledger_does_not_reach_is_left_out():
    assert [one["quarter"] for one in Vintages.of(a_book(), AS_OF).documents(AS_OF)] == ["2024-01-01"]
    no_payments = Vintages(
        0, 0, (100,) * QUARTERS, ((0,) * (AGES + 1),) * QUARTERS, ((0,) * (AGES + 1),) * QUARTERS
    )
    assert no_payments.documents(AS_OF) == []


def test_parts_add_up_to_the_whole():
    ledger, day = simulate(40, 24, 3)[0], dt.date(2026, 9, 10)
    parts = LedgerInMemory.of(ledger, day, 3)
    summed = Vintages.summed([Vintages.of(open_book(parts.read(part)), day) for part in range(parts.count)])
    whole = Vintages.of(open_book(as_known_on(ledger, day)), day)
    assert summed == whole
    assert len(whole.documents(day)) > 3
