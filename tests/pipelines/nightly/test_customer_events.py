"""What happened to a customer beside its invoices: which events, in which order, from when and from where."""

import datetime as dt
from collections.abc import Sequence

from models.features.book import open_book
from pipelines.nightly import customer_events as happenings
from pipelines.nightly.customer_events import filings, signals
from serving.store import Event
from tests.builders import Row, a_cover, a_customer, a_filing, a_ledger, a_signal, cut, on, some_accounts


def date(day: int) -> dt.date:
    found = on(day).astype("datetime64[D]").astype(object)
    assert isinstance(found, dt.date)
    return found


def filed(day: int, customer: int = 0, customers: Sequence[Row] = (), **tables: Sequence[Row]):
    return filings(cut(a_ledger([], [], customers, **tables), day)).of_customer(customer)


def noted(day: int, customer: int = 0, customers: Sequence[Row] = (), **tables: Sequence[Row]):
    ledger = cut(a_ledger([], [], customers, **tables), day)
    return signals(ledger, open_book(ledger)).of_customer(customer)


def test_a_filing_that_was_withdrawn_is_no_event():
    notice = a_filing("liquidation", 40, 55, withdrawn_on=on(60))
    assert [one.kind for one in filed(59, filings=[notice])] == ["liquidation"]
    assert filed(60, filings=[notice]) == ()


def test_notices_and_accounts_are_one_list_the_latest_first():
    found = filed(
        99,
        filings=[a_filing("receivership", 40, 55, source="BODACC 1"), a_filing("sale", 3, 9)],
        accounts=[some_accounts(5, 30), some_accounts(1, 70, confidential=True)],
    )
    assert found == (
        Event("accounts_confidential", date(70), date(1)),
        Event("receivership", date(55), date(40), "BODACC 1"),
        Event("accounts", date(30), date(5)),
        Event("sale", date(9), date(3)),
    )


def test_what_is_published_after_the_day_is_not_told():
    tables = {"filings": [a_filing("liquidation", 40, 55)], "accounts": [some_accounts(5, 60)]}
    assert filed(54, **tables) == ()
    assert [one.kind for one in filed(55, **tables)] == ["liquidation"]


def test_cover_begins_and_ends_once_its_last_day_is_there():
    cover = a_cover(12_000.0, 0.9, 10, 40)
    first, last = noted(39, insurance=[cover]), noted(40, insurance=[cover])
    assert [(one.kind, one.known_on, one.amount_eur) for one in first] == [("cover", date(10), 12_000.0)]
    assert [(one.kind, one.known_on) for one in last] == [("cover_ended", date(40)), ("cover", date(10))]


def test_each_customer_has_its_own_events():
    customers = [a_customer("C1"), a_customer("C2")]
    tables = {"signals": [a_signal("dispute", 12, "C2"), a_signal("doubtful", 20, "C2")]}
    assert noted(99, 0, customers, **tables) == ()
    assert [one.kind for one in noted(99, 1, customers, **tables)] == ["doubtful", "dispute"]


def test_what_concerns_a_company_concerns_all_its_customer_numbers():
    customers = [a_customer(name, siren="732829320") for name in ("C1", "C2")]
    notice = a_filing("safeguard", 4, 8, None, siren="732829320")
    for code in (0, 1):
        assert [one.kind for one in filed(99, code, customers, filings=[notice])] == ["safeguard"]


def test_a_customer_keeps_its_latest_events_where_they_are_many(monkeypatch):
    monkeypatch.setattr(happenings, "MOST", 2)
    found = noted(99, signals=[a_signal("dispute", day) for day in (5, 9, 7)])
    assert [one.known_on for one in found] == [date(9), date(7)]
