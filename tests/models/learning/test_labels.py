import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.demo_outcomes import first_defaults, late30_outcomes
from models.features.book import open_book
from models.features.default_events import DefaultEvents
from models.learning.labels import add_months, days_late_label, default_label, late_label, month_starts
from models.ledger.ledger import Ledger
from models.ledger.tables import PROCEEDINGS
from pipelines.demo.simulator import simulate
from tests.builders import a_filing, a_ledger, a_payment, a_signal, an_invoice, cut, days, number

EPOCH = dt.date(1970, 1, 1)


def late30(ledger: Ledger, at: int) -> float:
    return float(late_label(open_book(ledger), np.array([0]), 30, number(at))[0])


def default12(ledger: Ledger, snapshot: int, at: int) -> float:
    book = open_book(ledger)
    return float(default_label(DefaultEvents.of(ledger, book), np.array([0]), days(snapshot), number(at))[0])


@pytest.mark.parametrize(
    ("paid", "label"), [(20, 0.0), (30, 0.0), (60, 0.0), (61, 1.0), (200, 1.0), (None, 1.0)]
)
def test_an_invoice_is_late_from_the_31st_day_past_due_paid_or_not(paid: int | None, label: float):
    payments = [] if paid is None else [a_payment("F1", paid)]
    assert late30(a_ledger([an_invoice("F1", 0, 30)], payments), 400) == label


@pytest.mark.parametrize("payments", [[], [a_payment("F1", 10)]])
def test_an_invoice_whose_30_days_have_not_run_out_is_censored_even_if_paid(
    payments: list[dict[str, object]],
):
    ledger = a_ledger([an_invoice("F1", 0, 30)], payments)
    assert np.isnan(late30(ledger, 60))
    assert not np.isnan(late30(ledger, 61))


def test_days_in_dispute_do_not_count_towards_lateness():
    ledger = a_ledger([an_invoice("F1", 0, 30, disputed=(40, 60))], [a_payment("F1", 80)])
    assert np.isnan(late30(ledger, 80))
    assert late30(ledger, 81) == 0.0
    longer = a_ledger([an_invoice("F1", 0, 30, disputed=(40, 60))], [a_payment("F1", 81)])
    assert late30(longer, 81) == 1.0


def test_a_dispute_that_goes_on_censors_for_good():
    assert np.isnan(late30(a_ledger([an_invoice("F1", 0, 30, disputed=(40, None))]), 5_000))


def test_a_label_told_by_a_day_never_changes_afterwards():
    ledger = a_ledger(
        [an_invoice(f"F{paid:03d}", 0, 30) for paid in range(20, 120, 10)],
        [a_payment(f"F{paid:03d}", paid) for paid in range(20, 120, 10)],
    )
    everything = np.arange(10)
    for at in range(20, 140, 5):
        known = late_label(open_book(cut(ledger, at)), everything, 30, number(at))
        later = late_label(open_book(ledger), everything, 30, number(at))
        assert np.array_equal(known, later, equal_nan=True)


def test_days_late_are_final_once_settled_and_a_lower_bound_before():
    ledger = a_ledger([an_invoice("F1", 0, 30), an_invoice("F2", 0, 30)], [a_payment("F1", 45)])
    figures, final = days_late_label(open_book(ledger), np.array([0, 1]), number(100))
    assert figures.tolist() == [15.0, 70.0]
    assert final.tolist() == [True, False]
    early, _ = days_late_label(open_book(ledger), np.array([0, 1]), number(60))
    assert np.isnan(early).all()


def test_days_late_of_an_open_invoice_leave_its_dispute_out():
    ledger = a_ledger([an_invoice("F1", 0, 30, disputed=(40, 60))])
    assert days_late_label(open_book(ledger), np.array([0]), number(100))[0].tolist() == [50.0]


@pytest.mark.parametrize("kind", PROCEEDINGS)
def test_a_proceeding_is_a_default_by_the_date_of_its_judgment(kind: str):
    ledger = a_ledger([an_invoice("F1", 0, 900)], filings=[a_filing(kind, 100, 130)])
    assert default12(ledger, 99, 900) == 1.0
    assert np.isnan(default12(ledger, 100, 900))
    assert np.isnan(default12(ledger, 110, 900))


@pytest.mark.parametrize("kind", ["closure", "sale"])
def test_a_closure_or_a_sale_is_no_default(kind: str):
    ledger = a_ledger([an_invoice("F1", 0, 900)], filings=[a_filing(kind, 100, 130)])
    assert default12(ledger, 50, 900) == 0.0


def test_a_write_off_is_a_default_and_another_signal_is_none():
    assert default12(a_ledger(signals=[a_signal("write_off", 100)]), 50, 900) == 1.0
    assert default12(a_ledger(signals=[a_signal("doubtful", 100)]), 50, 900) == 0.0


def test_a_snapshot_is_censored_until_its_12_months_are_over_unless_it_has_defaulted():
    quiet = a_ledger([an_invoice("F1", 0, 30)], [a_payment("F1", 30)])
    assert np.isnan(default12(quiet, 0, 365))  # 2024 is a leap year: its 12 months take 366 days
    assert default12(quiet, 0, 366) == 0.0
    failed = a_ledger(filings=[a_filing("liquidation", 100, 100)])
    assert default12(failed, 0, 120) == 1.0
    assert np.isnan(default12(failed, 0, 99))


def test_a_default_on_the_horizon_s_last_day_counts_and_the_day_after_does_not():
    assert default12(a_ledger(filings=[a_filing("liquidation", 366, 366)]), 0, 900) == 1.0
    assert default12(a_ledger(filings=[a_filing("liquidation", 367, 367)]), 0, 900) == 0.0


@given(day=st.dates(dt.date(1971, 1, 1), dt.date(2100, 1, 1)), months=st.integers(0, 36))
def test_months_are_added_by_the_calendar(day: dt.date, months: int):
    moved = pd.Timestamp(day) + pd.DateOffset(months=months)
    found = add_months(np.array([(day - EPOCH).days]), months)
    assert found.tolist() == [(moved.date() - EPOCH).days]


@given(first=st.integers(0, 40_000), length=st.integers(0, 900))
def test_month_starts_are_the_firsts_of_months_in_between(first: int, length: int):
    expected = [day for day in range(first, first + length + 1) if (EPOCH + dt.timedelta(days=day)).day == 1]
    assert month_starts(first, first + length).tolist() == expected


def test_late30_agrees_with_the_demo_s_own_truth():
    ledger, truth = simulate(150, 24, 9)
    book = open_book(ledger)
    last = int(max(book.issued.max(), book.pay_day.max()))
    mine = np.flatnonzero(book.is_invoice)
    label = pd.Series(late_label(book, mine, 30, last), index=book.invoice_ids[mine])
    known = late30_outcomes(truth).set_index("invoice_id")["late30"].reindex(label.index)
    told = label.notna()
    assert told.mean() > 0.8
    differ = label[told].astype(bool) != known[told]
    assert differ.mean() < 0.002, "only the last euro of a part payment may tell them apart"


def test_default12_agrees_with_an_auditor_who_reads_the_ledger_invoice_by_invoice():
    ledger, _ = simulate(400, 30, 9)
    book = open_book(ledger)
    events = DefaultEvents.of(ledger, book)
    found = events.next_default(np.arange(len(events.final)), np.zeros(len(events.final), int))
    auditor = first_defaults(ledger)
    by_auditor = {who: (day.date() - EPOCH).days for who, day in auditor.items()}
    last = int(max(book.issued.max(), book.pay_day.max()))
    assert len(by_auditor) > 10
    earlier = 0
    for code, who in enumerate(book.customer_ids):
        if who in by_auditor:
            assert found[code] <= by_auditor[who], who
            earlier += found[code] < by_auditor[who]
        else:
            earlier += found[code] <= last
    # Several small invoices together may pass the threshold that none passes alone.
    assert earlier <= 0.25 * len(by_auditor)
