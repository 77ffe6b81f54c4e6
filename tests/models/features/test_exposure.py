import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.features.build import FeatureBuilder
from tests.builders import (
    FIRST,
    a_customer,
    a_ledger,
    a_payment,
    a_signal,
    an_invoice,
    customer_at,
    document_at,
    state_at,
)
from tests.models.features.by_hand import exposure_features, peak_eur, shelve
from tests.random_ledger import LAST_DAY, draw_ledger


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), who=st.integers(0, 4), day=st.integers(0, LAST_DAY))
def test_what_is_owed_is_what_plain_loops_over_the_ledger_give(seed: int, who: int, day: int):
    ledger = draw_ledger(seed)
    found = customer_at(ledger, day, f"C{who}")
    for name, value in exposure_features(shelve(ledger), f"C{who}", day).items():
        assert found[name] == pytest.approx(value, abs=1e-6), name


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), place=st.integers(0, 44), age=st.integers(0, 120))
def test_what_is_owed_on_the_invoice_asked_about_is_kept_out(seed: int, place: int, age: int):
    ledger, shelf = draw_ledger(seed), shelve(draw_ledger(seed))
    invoices = [bill for bill in shelf.bills if not bill.note]
    bill = invoices[place % len(invoices)]
    found = document_at(ledger, bill.issued + age, bill.name)
    for name, value in exposure_features(shelf, bill.owner, bill.issued + age, bill.name).items():
        assert found[name] == pytest.approx(value, abs=1e-6), name


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6), who=st.integers(0, 4), day=st.integers(0, LAST_DAY))
def test_the_peak_is_the_highest_day_of_the_year(seed: int, who: int, day: int):
    ledger = draw_ledger(seed, documents=25)
    peak = state_at(ledger, day, f"C{who}")["peak_exposure_eur"]
    assert peak == pytest.approx(peak_eur(shelve(ledger), f"C{who}", day))


def test_an_invoice_is_not_overdue_on_its_due_date_and_is_the_day_after():
    ledger = a_ledger([an_invoice("F1", 0, 30, 500.0)])
    assert customer_at(ledger, 30)["overdue_eur"] == 0
    found = customer_at(ledger, 31)
    assert (found["overdue_eur"], found["overdue_count"], found["oldest_overdue_days"]) == (500.0, 1.0, 1.0)


def test_a_part_payment_lowers_the_overdue_amount_and_not_the_count():
    found = customer_at(a_ledger([an_invoice("F1", 0, 30)], [a_payment("F1", 40, 400.0)]), 50)
    assert (found["overdue_eur"], found["overdue_count"], found["open_eur"]) == (600.0, 1.0, 600.0)


def test_a_part_payment_before_the_due_date_is_never_counted_twice():
    found = customer_at(a_ledger([an_invoice("F1", 0, 30)], [a_payment("F1", 10, 400.0)]), 50)
    assert (found["overdue_eur"], found["open_eur"]) == (600.0, 600.0)


def test_an_unused_credit_note_lowers_the_exposure_and_a_used_one_lowers_it_once():
    papers = [an_invoice("F1", 0, 30), an_invoice("N1", 5, 5, 200.0, kind="credit_note")]
    assert customer_at(a_ledger(papers), 10)["open_eur"] == 800.0
    used = [a_payment("N1", 8, -200.0), a_payment("F1", 8, 200.0)]
    assert customer_at(a_ledger(papers, used), 10)["open_eur"] == 800.0


@pytest.mark.parametrize(("paid", "owed"), [(1_100.0, -100.0), (1_000.5, -0.5), (999.5, 0.0)])
def test_an_overpaid_invoice_leaves_a_credit_of_who_paid(paid: float, owed: float):
    ledger = a_ledger(
        [an_invoice("F1", 0, 30, customer_id="C1")],
        [a_payment("F1", 40, paid, "C2")],
        [a_customer("C1"), a_customer("C2")],
    )
    assert [customer_at(ledger, 50, who)["open_eur"] for who in ("C1", "C2")] == [0.0, owed]
    assert customer_at(ledger, 39, "C2")["open_eur"] == 0.0


def test_money_paid_too_much_and_given_back_leaves_nothing():
    lines = [a_payment("F1", 40, 1_100.0), a_payment("F1", 45, -100.0)]
    ledger = a_ledger([an_invoice("F1", 0, 30)], lines)
    assert [customer_at(ledger, day)["open_eur"] for day in (42, 50)] == [-100.0, 0.0]


def test_an_invoice_overpaid_before_its_issue_leaves_the_rest_at_its_issue():
    ledger = a_ledger([an_invoice("F1", 20, 50, 600.0)], [a_payment("F1", 5, 700.0)])
    assert [customer_at(ledger, day)["open_eur"] for day in (10, 30)] == [-700.0, -100.0]


def test_a_deposit_is_money_on_account_until_the_invoice_takes_it():
    lines = [a_payment(None, 0, 300.0), a_payment(None, 20, -300.0), a_payment("F1", 20, 300.0)]
    ledger = a_ledger([an_invoice("F1", 20, 50)], lines)
    assert customer_at(ledger, 10)["open_eur"] == -300.0
    assert customer_at(ledger, 20)["open_eur"] == 700.0
    assert customer_at(ledger, 60)["overdue_eur"] == 700.0


def test_a_payment_dated_before_its_invoice_belongs_to_the_payer_until_the_issue():
    ledger = a_ledger(
        [an_invoice("F1", 20, 50, customer_id="C1")],
        [a_payment("F1", 5, customer_id="C2")],
        [a_customer("C1"), a_customer("C2")],
    )
    assert customer_at(ledger, 10, "C2")["open_eur"] == -1_000.0
    assert customer_at(ledger, 10, "C1")["open_eur"] == 0.0
    assert customer_at(ledger, 20, "C2")["open_eur"] == 0.0
    assert customer_at(ledger, 20, "C1")["open_eur"] == 0.0


def test_the_oldest_overdue_invoice_is_found_past_younger_ones_settled_first():
    invoices = [an_invoice("F1", 0, 30), an_invoice("F2", 10, 40), an_invoice("F3", 20, 50)]
    ledger = a_ledger(invoices, [a_payment("F2", 41), a_payment("F1", 90), a_payment("F3", 95)])
    ages = [customer_at(ledger, day)["oldest_overdue_days"] for day in (31, 60, 89, 90, 95)]
    assert ages == [1.0, 30.0, 59.0, 40.0, 0.0]


def test_a_dispute_counts_from_its_first_day_until_it_ends_or_the_invoice_is_paid():
    ledger = a_ledger([an_invoice("F1", 0, 30, disputed=(10, 20))])
    held = [customer_at(ledger, day)["disputed_eur"] for day in (9, 10, 19, 20)]
    assert held == [0.0, 1_000.0, 1_000.0, 0.0]
    paid = a_ledger([an_invoice("F1", 0, 30, disputed=(10, None))], [a_payment("F1", 15)])
    assert customer_at(paid, 15)["disputed_eur"] == 0.0


def test_a_dispute_dated_before_its_invoice_or_ending_before_it_began_holds_nothing_too_early():
    ledger = a_ledger(
        [an_invoice("F1", 20, 50, disputed=(10, 30)), an_invoice("F2", 20, 50, disputed=(40, 35))]
    )
    held = [customer_at(ledger, day)["disputed_eur"] for day in (15, 25, 37, 60)]
    assert held == [0.0, 1_000.0, 0.0, 0.0]


def test_shares_are_unknown_without_exposure_and_the_use_of_a_limit_without_a_limit():
    found = customer_at(a_ledger([an_invoice("F1", 0, 30)], [a_payment("F1", 10)]), 20)
    assert math.isnan(found["overdue_share"])
    assert math.isnan(found["limit_use"])


@pytest.mark.parametrize(("limit", "use"), [(2_000.0, 0.5), (0.0, math.nan)])
def test_the_use_of_a_limit_divides_by_it_and_prepayment_has_none(limit: float, use: float):
    ledger = a_ledger([an_invoice("F1", 0, 30)], customers=[a_customer(credit_limit_eur=limit)])
    assert customer_at(ledger, 20)["limit_use"] == pytest.approx(use, nan_ok=True)


def test_signals_count_for_a_year_each_under_its_own_name():
    ledger = a_ledger(
        [an_invoice("F1", 0, 30)], signals=[a_signal("more_time", 50), a_signal("doubtful", 60)]
    )
    counts = [customer_at(ledger, day)["signal_more_time_365d"] for day in (49, 50, 414, 415)]
    assert counts == [0.0, 1.0, 1.0, 0.0]
    assert customer_at(ledger, 60)["signal_doubtful_365d"] == 1.0
    assert customer_at(ledger, 60)["signal_dispute_365d"] == 0.0


def test_growth_compares_two_quarters_and_is_bounded():
    steady = a_ledger([an_invoice("F1", 100, 130), an_invoice("F2", 200, 230, 3_000.0)])
    assert customer_at(steady, 250)["sales_growth"] == 2.0
    sudden = a_ledger([an_invoice("F1", 100, 130, 1.0), an_invoice("F2", 200, 230, 90_000.0)])
    assert customer_at(sudden, 250)["sales_growth"] == 10.0


def test_the_exposures_of_a_portfolio_sum_to_its_open_documents_less_its_payments():
    ledger = draw_ledger(21)
    frame = FeatureBuilder.of(ledger).customers(np.arange(5), np.full(5, FIRST + LAST_DAY + 200))
    shelf = shelve(ledger)
    total = sum(shelf.owed(f"C{who}", LAST_DAY + 200) for who in range(5))
    assert frame["open_eur"].sum() == pytest.approx(total / 100)
