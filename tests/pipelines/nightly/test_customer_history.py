"""A customer's past: what was paid, filed and signalled by a day, and how long open invoices are past due."""

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pytest

from models.features.book import open_book
from models.portfolio.debtors import PaymentContact
from pipelines.nightly import customer_history as past
from pipelines.nightly.customer_history import Past, past_due
from serving.store import Dossier
from tests.builders import (
    Row,
    a_customer,
    a_filing,
    a_ledger,
    a_payment,
    a_signal,
    an_invoice,
    cut,
    number,
    on,
)


def date(day: int) -> dt.date:
    found = on(day).astype("datetime64[D]").astype(object)
    assert isinstance(found, dt.date)
    return found


def dossier_at(
    day: int, invoices, payments, customer: int = 0, customers=(), **tables: Sequence[Row]
) -> Dossier:
    ledger = cut(a_ledger(invoices, payments, customers, **tables), day)
    return Past.of(open_book(ledger), ledger, number(day)).dossier(customer)


def test_paid_invoices_come_with_their_days_late_the_latest_first():
    found = dossier_at(
        200,
        [an_invoice("F1", 0, 30), an_invoice("F2", 10, 40, eur=50.5)],
        [a_payment("F1", 25), a_payment("F2", 61, eur=50.5)],
    )
    assert [(p.invoice_id, p.due_on, p.paid_on, p.days_late, p.amount_eur) for p in found.paid] == [
        ("F2", date(40), date(61), 21, 50.5),
        ("F1", date(30), date(25), -5, 1_000.0),
    ]


def test_what_is_open_or_paid_too_long_ago_is_left_out():
    found = dossier_at(
        900,
        [an_invoice("OLD", 0, 30), an_invoice("OPEN", 800, 830), an_invoice("F1", 400, 430)],
        [a_payment("OLD", 60), a_payment("F1", 440)],
    )
    assert [p.invoice_id for p in found.paid] == ["F1"]


def test_what_happens_after_the_day_is_not_known():
    found = dossier_at(50, [an_invoice("F1", 0, 30)], [a_payment("F1", 60)])
    assert found == Dossier()


def test_each_customer_has_its_own_past():
    customers = [a_customer("C1"), a_customer("C2"), a_customer("C3")]
    invoices = [an_invoice("F1", 0, 30, customer_id="C1"), an_invoice("F3", 0, 30, customer_id="C3")]
    payments = [a_payment("F1", 30, customer_id="C1"), a_payment("F3", 31, customer_id="C3")]
    signals = [a_signal("more_time", 12, "C2")]
    found = [dossier_at(99, invoices, payments, code, customers, signals=signals) for code in range(3)]
    assert [[p.invoice_id for p in one.paid] for one in found] == [["F1"], [], ["F3"]]
    assert [[(e.kind, e.known_on) for e in one.signals] for one in found] == [
        [],
        [("more_time", date(12))],
        [],
    ]


def test_filings_carry_the_day_they_were_published_and_the_judgments():
    found = dossier_at(
        99, [an_invoice("F1", 0, 30)], [], filings=[a_filing("receivership", 40, 55), a_filing("sale", 3, 9)]
    )
    assert [(e.kind, e.known_on, e.happened_on) for e in found.filings] == [
        ("receivership", date(55), date(40)),
        ("sale", date(9), date(3)),
    ]


def test_a_customer_keeps_its_latest_payments_where_they_are_many(monkeypatch):
    monkeypatch.setattr(past, "MOST_PAID", 2)
    found = dossier_at(
        99,
        [an_invoice(f"F{n}", n, n + 30) for n in range(5)],
        [a_payment(f"F{n}", n + 30) for n in range(5)],
    )
    assert [p.invoice_id for p in found.paid] == ["F4", "F3"]


def overdue(day: int, disputed: tuple[int | None, int | None] = (None, None)) -> tuple[int, bool]:
    book = open_book(cut(a_ledger([an_invoice("F1", 0, 30, disputed=disputed)]), day))
    days, held = past_due(book, np.array([0]), number(day))
    return int(days[0]), bool(held[0])


def test_days_past_due_are_counted_from_the_due_date():
    assert overdue(25) == (-5, False)
    assert overdue(30) == (0, False)
    assert overdue(41) == (11, False)


def test_days_in_dispute_are_not_counted():
    assert overdue(50, (35, None)) == (5, True)
    assert overdue(50, (35, 40)) == (15, False)
    assert overdue(50, (10, 40)) == (10, False)
    assert overdue(20, (10, None)) == (-10, True)


@pytest.mark.slow
def test_days_past_due_agree_with_the_day_an_invoice_passes_them():
    for disputed in ((None, None), (35, 40), (10, 33), (5, 12)):
        for day in range(25, 70):
            book = open_book(cut(a_ledger([an_invoice("F1", 0, 30, disputed=disputed)]), day))
            late, held = past_due(book, np.array([0]), number(day))
            if not held[0]:
                assert (late[0] > 7) == (book.passes(7)[0] <= number(day))


def test_the_contact_comes_with_the_past_and_survives_storage():
    named = {"contact_name": "Camille Bernard", "contact_email": "compta@client.example"}
    rows = [a_customer("C1", **named), a_customer("C2")]
    bills = [an_invoice("F1", 0, 30, customer_id="C1"), an_invoice("F2", 0, 30, customer_id="C2")]
    found = [dossier_at(200, bills, [], customer, rows) for customer in (0, 1)]
    assert found[0].contact == PaymentContact("Camille Bernard", None, "compta@client.example")
    assert found[1].contact is None
    assert [Dossier.from_document(one.document()) for one in found] == found
