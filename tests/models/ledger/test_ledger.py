import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import LedgerError
from models.ledger.files import fingerprint
from models.ledger.ledger import as_known_on, conform, empty, from_frames
from models.ledger.tables import CUSTOMERS, INVOICES, TABLES
from tests.builders import (
    a_cover,
    a_customer,
    a_filing,
    a_ledger,
    a_payment,
    an_invoice,
    cut,
    on,
    some_accounts,
)
from tests.random_ledger import draw_ledger


def test_columns_that_may_lack_are_empty_and_a_flag_is_false():
    frame = conform(pd.DataFrame({"customer_id": ["C1"]}), CUSTOMERS)
    assert list(frame.columns) == CUSTOMERS.column_names
    assert frame["headcount"].isna().all()
    assert frame["natural_person"].tolist() == [False]


def test_all_faults_of_a_table_come_in_one_message():
    frame = pd.DataFrame([{**an_invoice("F1", 0, 30), "kind": "quote", "amount_cents": "many"}])
    with pytest.raises(LedgerError) as caught:
        conform(frame.drop(columns="currency"), INVOICES)
    for name in ("invoices.kind", "invoices.amount_cents", "invoices.currency"):
        assert name in str(caught.value)
    assert "'quote' is not one of invoice, credit_note" in str(caught.value)


def test_a_value_that_is_needed_may_not_be_empty():
    with pytest.raises(LedgerError, match="1 rows leave it empty"):
        a_ledger([{**an_invoice("F1", 0, 30), "due_on": None}])


def test_a_key_stands_once():
    with pytest.raises(LedgerError, match="repeat a key"):
        a_ledger([an_invoice("F1", 0, 30), an_invoice("F1", 5, 35)])


def test_rows_are_sorted_by_key_whatever_order_they_came_in():
    one = a_ledger([an_invoice("F2", 0, 30), an_invoice("F1", 5, 35)])
    other = a_ledger([an_invoice("F1", 5, 35), an_invoice("F2", 0, 30)])
    assert fingerprint(one) == fingerprint(other)


def test_a_name_that_is_no_table_is_refused():
    with pytest.raises(LedgerError, match="no table 'orders'"):
        from_frames({"orders": pd.DataFrame()})
    with pytest.raises(LedgerError, match="no table 'orders'"):
        a_ledger().table("orders")


def test_an_empty_table_has_its_types():
    for table in TABLES.values():
        assert [str(t) for t in empty(table).dtypes] == [str(t) for t in conform(empty(table), table).dtypes]


def test_a_cut_back_drops_rows_and_empties_ends_that_lie_ahead():
    ledger = a_ledger(
        [an_invoice("F1", 0, 30, disputed=(10, 20)), an_invoice("F2", 16, 40)],
        [a_payment("F1", 15), a_payment("F1", 14)],
        filings=[a_filing("closure", 10, 16)],
        accounts=[some_accounts(-300, 16)],
        insurance=[a_cover(1_000.0, 0.9, 0, 15), a_cover(2_000.0, 0.9, 1, 16)],
    )
    known = cut(ledger, 15)
    assert known.invoices["invoice_id"].tolist() == ["F1"]
    assert known.invoices["disputed_from"].tolist() == [pd.Timestamp(on(10))]
    assert known.invoices["disputed_to"].isna().all()
    assert len(known.payments) == 2
    assert len(cut(ledger, 14).payments) == 1
    assert known.filings.empty
    assert known.accounts.empty
    assert known.insurance["valid_to"].isna().tolist() == [False, True]


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6), one=st.integers(0, 700), other=st.integers(0, 700))
def test_cutting_twice_is_cutting_at_the_earlier_day(seed: int, one: int, other: int):
    ledger = draw_ledger(seed)
    twice = cut(cut(ledger, max(one, other)), min(one, other))
    assert fingerprint(twice) == fingerprint(cut(ledger, min(one, other)))


def test_a_cut_back_leaves_the_ledger_it_was_given_alone():
    ledger = draw_ledger(3)
    before = fingerprint(ledger)
    as_known_on(ledger, dt.date(2024, 6, 1))
    assert fingerprint(ledger) == before


def test_customers_without_dates_stay():
    assert len(cut(a_ledger(customers=[a_customer(created=500)]), 0).customers) == 1
