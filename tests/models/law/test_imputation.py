"""Part payments against interest, as cases that a lawyer can read; figures by hand beside each."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import CreditError
from models.law.imputation import IMPUTATIONS
from models.law.judgment_interest import judgment_interest
from models.law.legal_rates import load_rates
from models.law.penalties import penalty

RATES = load_rates()


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def eur(text: str) -> Decimal:
    return Decimal(text)


AFTER_A_JUDGMENT = [
    # amount, enforceable, paid, part payments, imputation, interest, how it is made up
    ("8000", "2025-01-10", "2025-03-01", [], "principal", "40.66", "50 d at 3.71 % on 8,000"),
    (
        *("8000", "2025-01-10", "2025-03-01", [("2025-01-30", "3000")], "principal", "31.51"),
        "20 d on 8,000 (16.26), 30 d on 5,000 (15.25)",
    ),
    (
        *("8000", "2025-01-10", "2025-03-01", [("2025-01-30", "3000")], "interest", "31.56"),
        "the 16.26 are paid first: 30 d on 5,016.26 (15.30), art. 1343-1 C. civ.",
    ),
    ("8000", "2025-01-10", "2025-03-01", [("2025-01-30", "8000")], "principal", "16.26", "all paid"),
]


@pytest.mark.parametrize(("amount", "from_", "paid", "parts", "order", "interest", "why"), AFTER_A_JUDGMENT)
def test_what_was_paid_after_a_judgment_bears_no_more_interest(
    amount: str, from_: str, paid: str, parts: list[tuple[str, str]], order: str, interest: str, why: str
):
    payments = [(day(on), eur(part)) for on, part in parts]
    found = judgment_interest(
        eur(amount),
        day(from_),
        day(paid),
        RATES,
        payments,
        imputation=order,  # type: ignore[arg-type]  # a word
    )
    assert found.interest_eur == eur(interest), why
    assert found.document()["imputation"] == (order if parts else None)


OPENED = [
    # opened, interest, indemnity, law
    ("2025-02-20", "71.87", "40.00", "L622-28: 19 d of 1 to 19 February at 13.15 % on 10,500"),
    ("2025-02-01", "0.00", "0.00", "the first day would be that of the judgment itself: R621-4"),
    ("2025-01-15", "0.00", "0.00", "L441-10 II: not yet due, no indemnity either"),
]


@pytest.mark.parametrize(("opened", "interest", "indemnity", "law"), OPENED)
def test_interest_stops_at_the_opening_of_a_proceeding(opened: str, interest: str, indemnity: str, law: str):
    found = penalty(10_500, day("2025-01-31"), day("2025-06-30"), RATES, opened_on=day(opened))
    assert (found.interest_eur, found.indemnity_eur) == (eur(interest), eur(indemnity)), law
    assert found.document()["opened_on"] == opened


def test_interest_after_a_judgment_stops_at_the_opening_too():
    found = judgment_interest(8_000, day("2025-01-10"), day("2025-03-01"), RATES, opened_on=day("2025-01-31"))
    assert (found.interest_eur, found.lines[-1].last) == (eur("16.26"), day("2025-01-30"))


def test_the_answer_names_the_order_of_imputation_and_where_rates_were_published():
    found = penalty(
        1_000,
        day("2025-01-31"),
        day("2025-03-31"),
        RATES,
        0.01,
        [(day("2025-02-28"), 500)],
        imputation="interest",
    ).document()
    assert "1343-1" in found["imputation_fr"]
    assert found["lines"][0]["publication"] == RATES.of("2025-S1").legal_publication != ""


def test_a_payment_beyond_principal_and_interest_is_refused():
    with pytest.raises(CreditError, match="EUR were owed"):
        judgment_interest(
            100,
            day("2025-01-10"),
            day("2025-03-01"),
            RATES,
            [(day("2025-01-30"), 101)],
            imputation="interest",
        )


@given(
    st.lists(st.tuples(st.dates(day("2024-01-01"), day("2025-06-30")), st.integers(1, 20_000)), max_size=4),
    st.sampled_from(IMPUTATIONS),
)
def test_interest_first_never_costs_the_creditor_and_no_cent_is_lost(
    parts: list[tuple[dt.date, int]], order: str
):
    payments = [(on, Decimal(cents) / 100) for on, cents in parts]
    plain, first = (
        penalty(1_000, day("2023-12-31"), day("2025-06-30"), RATES, None, payments, imputation=one)
        for one in IMPUTATIONS
    )
    assert first.interest_eur >= plain.interest_eur
    for found in (plain, first):
        paid = sum((part for _, part in payments), Decimal(0))
        assert found.principal_left_eur == 1_000 - (paid - found.interest_paid_eur)
