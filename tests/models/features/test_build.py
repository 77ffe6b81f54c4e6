import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.features.build import (
    CUSTOMER_FEATURES,
    HISTORY_FAMILIES,
    INVOICE_FEATURES,
    STATE_COLUMNS,
    FeatureBuilder,
    mask_history,
)
from models.features.running import NEVER
from models.ledger.ledger import Ledger
from pipelines.demo.simulator import simulate
from tests.builders import FIRST, a_customer, a_ledger, a_payment, an_invoice, cut, days, on, some_accounts
from tests.random_ledger import LAST_DAY, draw_ledger, moments


def differing(full: pd.DataFrame, known: pd.DataFrame) -> list[str]:
    """Name the columns that differ in any bit."""
    return [
        name
        for name in full.columns
        if not np.array_equal(full[name].to_numpy(), known[name].to_numpy(), equal_nan=True)
    ]


def leaks(ledger: Ledger, day: int) -> dict[str, list[str]]:
    """Name what the full ledger tells about a day that the ledger known on that day does not."""
    full, known = FeatureBuilder.of(ledger), FeatureBuilder.of(cut(ledger, day))
    owner = np.arange(len(full.book.customer_ids))
    when = np.full(len(owner), FIRST + day)
    place = {name: position for position, name in enumerate(full.book.invoice_ids)}
    there = np.array([place[name] for name in known.book.invoice_ids], dtype=np.int64)
    here = np.arange(len(there))
    moment = np.full(len(there), FIRST + day)
    found = {
        "customers": differing(full.customers(owner, when), known.customers(owner, when)),
        "states": differing(full.states(owner, when), known.states(owner, when)),
        "documents": differing(full.documents(there, moment), known.documents(here, moment)),
    }
    same = np.array_equal(full.events.in_default(owner, when), known.events.in_default(owner, when))
    return {name: columns for name, columns in found.items() if columns} | (
        {} if same else {"events": ["in_default"]}
    )


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), place=st.integers(0, 10**6), beside=st.sampled_from([-1, 0, 1, 30]))
def test_nothing_after_the_day_changes_an_answer_to_the_bit(seed: int, place: int, beside: int):
    ledger = draw_ledger(seed)
    happenings = moments(ledger)
    assert leaks(ledger, happenings[place % len(happenings)] + beside) == {}


@pytest.mark.parametrize("day", [dt.date(2025, 3, 14), dt.date(2025, 11, 30), dt.date(2026, 7, 1)])
def test_nothing_after_the_day_changes_an_answer_about_the_demo(day: dt.date):
    ledger, _ = simulate(150, 24, 5)
    assert leaks(ledger, (day - dt.date(2024, 1, 1)).days) == {}


def test_accounts_published_late_change_no_ratio_of_the_days_before():
    accounts = [
        some_accounts(-400, -200, turnover=100.0, total_assets=80.0, equity=40.0),
        some_accounts(-280, 500, turnover=10.0, total_assets=9.0, equity=1.0),
        some_accounts(-35, 100, turnover=150.0, total_assets=90.0, equity=30.0),
    ]
    ledger = a_ledger(customers=[a_customer()], accounts=accounts)
    assert leaks(ledger, 200) == {}
    assert leaks(ledger, 600) == {}


def test_rows_may_be_asked_in_any_order():
    builder = FeatureBuilder.of(draw_ledger(4))
    rng = np.random.default_rng(0)
    owner, day = rng.integers(0, 5, 200), FIRST + rng.integers(0, LAST_DAY, 200)
    shuffled = rng.permutation(200)
    straight = builder.customers(owner, day)
    assert differing(straight.iloc[shuffled], builder.customers(owner[shuffled], day[shuffled])) == []
    mine = np.flatnonzero(builder.book.is_invoice)
    document = rng.choice(mine, 200)
    asked = builder.documents(document, day)
    assert differing(asked.iloc[shuffled], builder.documents(document[shuffled], day[shuffled])) == []


def test_one_row_asked_alone_equals_the_same_row_among_many():
    builder = FeatureBuilder.of(draw_ledger(11))
    owner, day = np.repeat(np.arange(5), 3), np.tile(days(100, 300, 600), 5)
    many = builder.states(owner, day)
    for row in range(len(owner)):
        assert differing(many.iloc[[row]], builder.states(owner[[row]], day[[row]])) == []


def test_a_ledger_without_a_single_document_answers():
    ledger = a_ledger(customers=[a_customer("C1"), a_customer("C2")])
    builder = FeatureBuilder.of(ledger)
    frame = builder.states(np.array([0, 1]), days(10, 10))
    assert list(frame.columns) == list(STATE_COLUMNS)
    assert (frame["open_eur"] == 0).all()
    assert not frame["in_default"].any()


def test_no_row_is_asked_and_none_comes():
    nothing = np.array([], dtype=np.int64)
    builder = FeatureBuilder.of(draw_ledger(1))
    assert len(builder.customers(nothing, nothing)) == 0
    assert len(builder.documents(nothing, nothing)) == 0
    assert len(builder.states(nothing, nothing)) == 0


def test_documents_of_unknown_customers_change_nothing_for_known_ones():
    base = draw_ledger(9)
    owner, day = np.arange(5), np.full(5, FIRST + 400)
    stray = [an_invoice("X1", 10, 40, 90_000.0, "NOBODY"), an_invoice("X2", 20, 50, 10.0, "NOBODY")]
    extra = a_ledger(stray, [a_payment("X2", 60, 10.0, "NOBODY")])
    both = Ledger(
        base.customers,
        pd.concat([base.invoices, extra.invoices], ignore_index=True),
        pd.concat([base.payments, extra.payments.assign(payment_id="X")], ignore_index=True),
        base.filings,
        base.accounts,
        base.insurance,
        base.signals,
    )
    with_stray, without = FeatureBuilder.of(both), FeatureBuilder.of(base)
    assert differing(without.states(owner, day), with_stray.states(owner, day)) == []
    assert np.array_equal(without.events.first_known, with_stray.events.first_known)


def test_a_customer_is_first_seen_by_its_first_invoice_or_its_first_published_accounts():
    ledger = a_ledger(
        [an_invoice("F1", 50, 80, customer_id="C1")],
        customers=[a_customer("C1"), a_customer("C2"), a_customer("C3")],
        accounts=[some_accounts(-300, 20, "C2")],
    )
    assert FeatureBuilder.of(ledger).first_seen.tolist() == [FIRST + 50, FIRST + 20, NEVER]


def test_every_declared_feature_comes_out_as_a_float_in_the_declared_order():
    builder = FeatureBuilder.of(draw_ledger(2))
    frame = builder.documents(np.array([0]), days(500))
    assert list(frame.columns) == [feature.name for feature in INVOICE_FEATURES]
    assert set(frame.dtypes.astype(str)) == {"float64"}
    assert list(builder.customers(np.array([0]), days(500)).columns) == [f.name for f in CUSTOMER_FEATURES]


def test_masked_history_is_what_a_customer_never_invoiced_looks_like():
    ledger = a_ledger(
        [an_invoice("F1", 0, 30, customer_id="C1"), an_invoice("F2", 60, 90, customer_id="C1")],
        [a_payment("F1", 45, customer_id="C1")],
        [a_customer("C1", naf="43.21A", headcount=5.0), a_customer("C2", naf="43.21A", headcount=5.0)],
    )
    builder = FeatureBuilder.of(ledger)
    frame = builder.customers(np.array([0, 1]), days(200, 200))
    masked = mask_history(frame, np.array([True, False]))
    families = [feature.name for feature in CUSTOMER_FEATURES if feature.family in HISTORY_FAMILIES]
    assert differing(masked.iloc[[0]][families], frame.iloc[[1]][families]) == []
    assert frame.iloc[0]["n_paid_all"] == 1


def test_masking_blanks_what_an_invoice_tells_of_habits_and_keeps_what_it_says_itself():
    builder = FeatureBuilder.of(draw_ledger(3))
    mine = np.flatnonzero(builder.book.is_invoice)[:10]
    frame = builder.documents(mine, np.full(10, FIRST + 600))
    rows = np.arange(10) < 5
    masked = mask_history(frame, rows)
    assert (
        masked.loc[rows, ["amount_to_usual", "alike_p10", "alike_median", "alike_p90"]].isna().all(axis=None)
    )
    assert (masked.loc[rows, "alike_weight"] == 0).all()
    assert differing(masked[~rows], frame[~rows]) == []
    kept = ["amount_eur", "terms_days", "days_past_due", "peer_late30_rate", "headcount", "turnover"]
    assert differing(masked[kept], frame[kept]) == []


def test_masking_leaves_the_frame_it_was_given_alone():
    frame = FeatureBuilder.of(draw_ledger(3)).customers(np.arange(5), np.full(5, FIRST + 600))
    before = frame.copy()
    mask_history(frame, np.ones(5, dtype=bool))
    assert differing(frame, before) == []


def test_a_date_far_before_the_first_event_finds_nothing():
    ledger = a_ledger([an_invoice("F1", 0, 30)])
    frame = FeatureBuilder.of(ledger).customers(
        np.array([0]), np.array([on(-3000).astype("datetime64[D]").astype(int)])
    )
    assert frame.iloc[0]["open_eur"] == 0
    assert frame.iloc[0]["n_paid_all"] == 0
