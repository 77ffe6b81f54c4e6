"""A ledger in euros holds the same story: what was paid is paid, what was open is open, originals beside."""

import datetime as dt
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import LedgerError, RateError
from models.ledger.conversion import in_euros, require_one_currency
from models.ledger.currency import ExchangeRateTable
from models.ledger.files import fingerprint
from tests.builders import a_ledger, a_payment, an_invoice, some_accounts
from tests.random_ledger import draw_ledger

FIRST = dt.date(2023, 1, 1)
DAYS = tuple(FIRST + dt.timedelta(days=day) for day in range(1_500))
RATES = ExchangeRateTable(
    {"USD": DAYS}, {"USD": tuple(Decimal(100 + day % 37) / 97 for day in range(1_500))}, "here"
)
NO_RATES = ExchangeRateTable({}, {}, "here")


def in_dollars(invoice_id: str, issued: int, due: int, eur: float = 1_000.0):
    return {**an_invoice(invoice_id, issued, due, eur), "currency": "USD"}


def test_a_ledger_in_euros_comes_back_as_it_is():
    ledger = draw_ledger(3)
    made = in_euros(ledger, NO_RATES)
    assert fingerprint(made.ledger) == fingerprint(ledger)
    assert made.originals.empty


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(1, 5_000_00), min_size=1, max_size=6),
    st.integers(0, 1_000),
    st.lists(st.integers(0, 300), min_size=6, max_size=6),
)
def test_what_was_paid_in_full_stays_paid_to_the_cent(parts: list[int], issued: int, delays: list[int]):
    invoice = in_dollars("F1", issued, issued + 30, sum(parts) / 100)
    paid = [a_payment("F1", issued + delay, part / 100) for part, delay in zip(parts, delays, strict=False)]
    ledger = a_ledger([invoice], paid)
    made = in_euros(ledger, RATES).ledger
    assert made.payments["amount_cents"].sum() == made.invoices["amount_cents"].sum()


def test_originals_stand_beside_with_rate_and_day():
    ledger = a_ledger([in_dollars("F1", 0, 30, 500.0), an_invoice("F2", 0, 30)], [a_payment("F1", 40, 500.0)])
    made = in_euros(ledger, RATES)
    assert set(made.ledger.invoices["currency"]) == {"EUR"}
    assert made.originals[["table", "id", "currency", "amount"]].to_numpy().tolist() == [
        ["invoices", "F1", "USD", 50_000.0],
        ["payments", "P00000", "USD", 50_000.0],
    ]
    assert set(made.originals["rate_day"]) == {pd.Timestamp("2024-01-01")}


def test_accounts_are_converted_at_the_end_of_their_year():
    ledger = a_ledger(accounts=[some_accounts(-10, 100, currency="USD", turnover=970.0, equity=None)])
    made = in_euros(ledger, RATES).ledger.accounts
    rate = RATES.of("USD", dt.date(2023, 12, 22))
    assert made["turnover"].iloc[0] == pytest.approx(970.0 / float(rate.per_eur))
    assert made["currency"].tolist() == ["EUR"]
    assert made["equity"].isna().all()


def test_money_on_account_takes_the_currency_of_its_customer_and_the_rate_of_its_day():
    ledger = a_ledger([in_dollars("F1", 0, 30)], [a_payment(None, 5, 100.0)])
    made = in_euros(ledger, RATES)
    assert made.originals.iloc[1]["rate_day"] == pd.Timestamp("2024-01-06")


def test_money_on_account_between_two_currencies_is_an_error_and_not_a_guess():
    ledger = a_ledger([in_dollars("F1", 0, 30), an_invoice("F2", 0, 30)], [a_payment(None, 5)])
    with pytest.raises(
        RateError, match="P00000 settles no invoice, and customer C1 has invoices in EUR, USD"
    ):
        in_euros(ledger, RATES)


def test_a_missing_rate_names_currency_and_day():
    with pytest.raises(RateError, match="no rate of USD for 2024-01-01"):
        in_euros(a_ledger([in_dollars("F1", 0, 30)]), NO_RATES)


def test_the_ledger_given_is_left_alone():
    ledger = a_ledger([in_dollars("F1", 0, 30)], [a_payment("F1", 40)])
    before = fingerprint(ledger)
    in_euros(ledger, RATES)
    assert fingerprint(ledger) == before


def test_a_ledger_of_one_currency_may_be_added_up_whichever_it_is():
    for ledger in (a_ledger(), a_ledger([an_invoice("F1", 0, 30)]), a_ledger([in_dollars("F1", 0, 30)])):
        require_one_currency(ledger)


def test_invoices_and_accounts_in_two_currencies_are_refused_with_what_to_do():
    mixed = a_ledger([an_invoice("F1", 0, 30)], accounts=[some_accounts(-10, 100, currency="USD")])
    with pytest.raises(LedgerError, match=r"counts in EUR, USD; .* `encours registers convert RATES"):
        require_one_currency(mixed)
    with pytest.raises(LedgerError, match=r"counts in USD; .* EUR is allowed"):
        require_one_currency(a_ledger([in_dollars("F1", 0, 30)]), "EUR")
