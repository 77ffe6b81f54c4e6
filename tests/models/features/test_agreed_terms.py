import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_cover, a_customer, a_filing, a_ledger, a_payment, an_invoice, state_at


def test_agreed_terms_and_limit_are_the_customer_s():
    found = state_at(a_ledger(customers=[a_customer(payment_terms_days=45.0, credit_limit_eur=9_000.0)]), 0)
    assert (found["agreed_terms_days"], found["limit_in_force_eur"]) == (45.0, 9_000.0)


def test_a_cover_holds_from_its_first_to_its_last_day():
    ledger = a_ledger(insurance=[a_cover(20_000.0, 0.9, 10, 20)])
    assert [state_at(ledger, day)["insured_limit_eur"] for day in (9, 10, 20, 21)] == [0, 20_000, 20_000, 0]
    assert state_at(ledger, 15)["covered_share"] == pytest.approx(0.9)
    assert state_at(ledger, 30)["covered_share"] == 0.0


def test_a_cover_without_an_end_holds_on():
    assert state_at(a_ledger(insurance=[a_cover(5_000.0, 0.8, 10)]), 9_000)["insured_limit_eur"] == 5_000.0


@pytest.mark.slow
@given(
    limits=st.lists(st.tuples(st.integers(1, 10**6), st.floats(0, 1)), min_size=1, max_size=3),
)
def test_covers_add_up_and_their_shares_are_weighed(limits: list[tuple[int, float]]):
    covers = [a_cover(float(limit), share, first) for first, (limit, share) in enumerate(limits)]
    found = state_at(a_ledger(insurance=covers), 10)
    total = sum(limit for limit, _ in limits)
    assert found["insured_limit_eur"] == total
    weighed = sum(limit * share for limit, share in limits) / total
    assert found["covered_share"] == pytest.approx(weighed, abs=0.02)
    assert 0.0 <= found["covered_share"] <= 1.0


def test_the_peak_looks_back_a_year_and_counts_what_stood_at_its_beginning():
    ledger = a_ledger(
        [an_invoice("F1", 0, 30, 900.0), an_invoice("F2", 100, 130, 200.0)],
        [a_payment("F1", 120, 900.0), a_payment("F2", 120, 200.0)],
    )
    peaks = [state_at(ledger, day)["peak_exposure_eur"] for day in (50, 119, 200, 484, 485)]
    assert peaks == [900.0, 1_100.0, 1_100.0, 1_100.0, 0.0]


def test_an_invoice_paid_on_the_day_of_its_issue_makes_no_peak():
    ledger = a_ledger([an_invoice("F1", 5, 5)], [a_payment("F1", 5)])
    assert state_at(ledger, 10)["peak_exposure_eur"] == 0.0


def test_money_on_account_makes_no_negative_peak():
    assert state_at(a_ledger(payments=[a_payment(None, 5, 700.0)]), 10)["peak_exposure_eur"] == 0.0


def test_a_state_says_default_from_the_day_a_judgment_is_published():
    ledger = a_ledger(filings=[a_filing("receivership", 10, 25)])
    assert [state_at(ledger, day)["in_default"] for day in (9, 24, 25, 900)] == [0.0, 0.0, 1.0, 1.0]
