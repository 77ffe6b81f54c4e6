"""When a customer pays, as curves: by plain loops, from its ledger or from what was kept of it."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.features.build import FeatureBuilder
from models.features.curves import (
    ANCHORS,
    BOUNDS,
    COLUMNS,
    CURVE,
    ESTIMATES,
    PARENT,
    QueriedDocuments,
    columns_of_kept,
    curve_name,
    estimate_name,
    without_history,
)
from models.features.open_invoices import OPEN, OpenInvoices
from models.features.similar_invoices import PAST, StoredInvoices
from tests.builders import FIRST, a_customer, a_ledger, a_payment, an_invoice, cut, document_at, number
from tests.models.features.by_hand import shelve
from tests.models.features.curves_by_hand import by_hand, parent_by_hand, past_of, published, ratios
from tests.random_ledger import draw_ledger


@settings(max_examples=12)
@given(seed=st.integers(0, 300), after=st.integers(0, 650))
def test_the_columns_are_what_plain_loops_give(seed: int, after: int):
    ledger = draw_ledger(seed)
    shelf, builder, slow = shelve(ledger), FeatureBuilder.of(ledger), ratios(ledger)
    book = builder.book
    known = np.flatnonzero(book.is_invoice & (book.owner >= 0) & (book.issued <= FIRST + after))[:4]
    frame = builder.documents(known, np.full(len(known), FIRST + after))
    for row, place in enumerate(known):
        bill = next(bill for bill in shelf.bills if bill.name == book.invoice_ids[place])
        parent = parent_by_hand(shelf, bill.owner, after, slow[bill.owner])
        past = past_of(shelf, bill.owner, after, bill.name)
        reached = after - bill.due - (after <= bill.issued)
        expected = by_hand(past, parent, after, bill.due, bill.cents, reached)
        found = frame.iloc[row][COLUMNS].to_dict()
        assert found == pytest.approx(expected, rel=1e-7, abs=1e-7)


def test_the_parent_kept_of_a_customer_is_what_plain_loops_give():
    ledger = draw_ledger(5)
    shelf, builder, slow = shelve(ledger), FeatureBuilder.of(ledger), ratios(ledger)
    owner = np.arange(5)
    for day in (0, 200, 433):
        frame = builder.states(owner, np.full(5, FIRST + day))
        for place, who in enumerate(builder.book.customer_ids):
            expected = parent_by_hand(shelf, who, day, slow[who])
            assert frame.iloc[place][PARENT].tolist() == pytest.approx(expected, rel=1e-9)


def regular(late: int = 5, count: int = 12, customer_id: str = "C1") -> tuple[list[dict], list[dict]]:
    """Make an invoice every fortnight, each paid so many days late."""
    invoices = [
        an_invoice(f"{customer_id}{k:02d}", 14 * k, 14 * k + 28, customer_id=customer_id)
        for k in range(count)
    ]
    payments = [
        a_payment(f"{customer_id}{k:02d}", 14 * k + 28 + late, customer_id=customer_id) for k in range(count)
    ]
    return invoices, payments


@pytest.mark.parametrize("seed", [13, 14, 15])
def test_a_kept_state_gives_the_ledger_s_columns_to_the_bit(seed: int):
    builder = FeatureBuilder.of(draw_ledger(seed))
    owner = np.arange(5)
    for after in (90, 333, 560):
        day = np.full(5, FIRST + after)
        state = builder.states(owner, day)
        due, cents, nothing = day + 30, np.full(5, 123_456), np.full(5, -1)
        past, opened = StoredInvoices.of(state[PAST].to_numpy()), OpenInvoices.of(state[OPEN].to_numpy())
        reached = day - due - 1
        kept = columns_of_kept(past, opened, state[PARENT].to_numpy(), day, due, cents, reached)
        asked = QueriedDocuments.at(nothing, day, due, day)
        ledger = builder.habit.curves.columns(owner, day, due, cents, asked)
        assert sorted(kept) == sorted(COLUMNS)
        for name in COLUMNS:
            assert np.array_equal(kept[name], ledger[name]), name
    assert opened.ends[-1] > 0


def test_customers_put_together_have_the_columns_of_each_alone():
    builder = FeatureBuilder.of(draw_ledger(16))
    owner, day = np.arange(5), np.full(5, FIRST + 333)
    state = builder.states(owner, day)
    parent, due, cents = state[PARENT].to_numpy(), day + 30, np.full(5, 99_900)
    tables = state[OPEN].to_numpy(), state[PAST].to_numpy()
    alone = [OpenInvoices.of(tables[0][k : k + 1]) for k in owner]
    whole = columns_of_kept(
        StoredInvoices.of(tables[1]), OpenInvoices.together(alone), parent, day, due, cents, day - due
    )
    for k in owner:
        one = slice(k, k + 1)
        past = StoredInvoices.of(tables[1][one])
        found = columns_of_kept(past, alone[k], parent[one], day[one], due[one], cents[one], (day - due)[one])
        assert all(found[name][0] == whole[name][k] for name in COLUMNS)


def test_the_last_fifty_of_the_weekday_and_twenty_of_each_other_count():
    invoices, payments = [], []
    for weekday in (0, 1):
        for k in range(80):
            due, late = 7 * k + weekday, 1 + (k * 7 + weekday) % 12
            invoices.append(an_invoice(f"F{weekday}{k:02d}", due - 5, due, 500.0 + k))
            payments.append(a_payment(f"F{weekday}{k:02d}", due + late, 500.0 + k))
    ledger = a_ledger([*invoices, an_invoice("ASKED", 600, 630, 540.0)], payments)  # due on a Monday
    shelf = shelve(ledger)
    settled = past_of(shelf, "C1", 600, "ASKED")
    mondays, others = ([one for one in settled if one[0].due % 7 == weekday] for weekday in (0, 1))
    assert (len(mondays), len(others)) == (80, 80)
    parent = parent_by_hand(shelf, "C1", 600, 1.0)
    expected = by_hand([*mondays[-50:], *others[-20:]], parent, 600, 630, 54_000, -31)
    found = document_at(ledger, 600, "ASKED")
    assert {name: found[name] for name in COLUMNS} == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("day", [100, 261, 420])
def test_nothing_after_the_day_changes_a_column_to_the_bit(day: int):
    ledger = draw_ledger(21)
    full, known = FeatureBuilder.of(ledger), FeatureBuilder.of(cut(ledger, day))
    owner, when = np.arange(5), np.full(5, FIRST + day)
    mine = known.book.invoice_ids[known.book.is_invoice & (known.book.owner >= 0)]
    moment = np.full(len(mine), FIRST + day)
    tables = []
    for builder in (full, known):
        place = {name: at for at, name in enumerate(builder.book.invoice_ids)}
        asked = builder.documents(np.array([place[name] for name in mine]), moment)
        tables.append((builder.states(owner, when)[[*OPEN, *PARENT]], asked[COLUMNS]))
    for one, other in zip(*tables, strict=True):
        pd.testing.assert_frame_equal(one, other, check_exact=True)


def turned(table: pd.DataFrame, date: str, rng: np.random.Generator) -> pd.DataFrame:
    """Shuffle the rows of each day among themselves."""
    drawn = table.assign(drawn_=rng.random(len(table)))
    return drawn.sort_values([date, "drawn_"], kind="stable").drop(columns="drawn_").reset_index(drop=True)


def test_the_order_of_the_rows_of_one_day_changes_nothing():
    rng = np.random.default_rng(3)
    invoices, payments = [], []
    for k in range(160):
        issued = int(rng.integers(0, 12)) * 14
        name, who = f"F{k:03d}", f"C{k % 3}"
        invoices.append(an_invoice(name, issued, issued + 28, float(rng.choice([100, 250])), who))
        if rng.random() < 0.8:
            payments.append(a_payment(name, issued + 28 + int(rng.integers(0, 4)) * 7, 1_000.0, who))
    ledger = a_ledger(invoices, payments, [a_customer(f"C{k}") for k in range(3)])
    sorted_, shuffled = (
        replace(
            ledger,
            invoices=turned(ledger.invoices, "issued_on", np.random.default_rng(seed)),
            payments=turned(ledger.payments, "paid_on", np.random.default_rng(seed)),
        )
        for seed in (1, 2)
    )
    assert sorted_.invoices["invoice_id"].tolist() != shuffled.invoices["invoice_id"].tolist()
    tables = []
    for one in (sorted_, shuffled):
        builder = FeatureBuilder.of(one)
        place = {name: at for at, name in enumerate(builder.book.invoice_ids)}
        asked = np.array([place[f"F{k:03d}"] for k in range(160)])
        issued = builder.book.issued[asked]
        tables.append(builder.documents(asked, np.maximum(issued, FIRST + 100))[COLUMNS])
    pd.testing.assert_frame_equal(*tables, check_exact=False, rtol=1e-9, atol=1e-9)


def test_a_customer_without_any_invoice_gets_the_parent_at_every_estimate():
    invoices, payments = regular()
    ledger = a_ledger(
        [*invoices, an_invoice("NEW", 300, 330, customer_id="C2")], payments, [a_customer(), a_customer("C2")]
    )
    found = document_at(ledger, 300, "NEW")
    parent = {days: found[estimate_name("parent", days)] for days in ANCHORS}
    for days in ANCHORS:
        for estimate in ESTIMATES:
            assert found[estimate_name(estimate, days)] == pytest.approx(parent[days], abs=1e-9)
        assert found[curve_name(days)] == pytest.approx(1.05 * parent[days], abs=1e-9)
    masked = without_history({name: np.array([value]) for name, value in found.items()})
    for name, values in masked.items():
        assert values[0] == pytest.approx(found[name], abs=1e-9)


def test_without_a_single_invoice_the_parent_is_what_statistics_publish():
    builder = FeatureBuilder.of(a_ledger(customers=[a_customer()]))
    state = builder.states(np.array([0]), np.array([number(10)])).iloc[0]
    assert state[PARENT].tolist() == pytest.approx(published(), rel=1e-12)
    assert state[OPEN].isna().all()


def test_a_state_of_a_version_without_parent_takes_what_statistics_publish():
    day, due, cents = np.array([number(10)]), np.array([number(40)]), np.array([100_000])
    past = StoredInvoices.of(np.full((1, len(PAST)), np.nan))
    opened = OpenInvoices.of(np.full((1, len(OPEN)), np.nan))
    nothing, known = (
        columns_of_kept(past, opened, np.array([hazards]), day, due, cents, day - due - 1)
        for hazards in ([math.nan] * len(BOUNDS), published())
    )
    for name in COLUMNS:
        assert nothing[name] == pytest.approx(known[name])


@settings(max_examples=10)
@given(seed=st.integers(0, 300), after=st.integers(0, 650))
def test_curves_fall_with_the_days(seed: int, after: int):
    builder = FeatureBuilder.of(draw_ledger(seed))
    mine = np.flatnonzero(builder.book.is_invoice & (builder.book.owner >= 0))
    frame = builder.documents(mine, np.maximum(builder.book.issued[mine], FIRST + after))
    assert (np.diff(frame[CURVE].to_numpy(), axis=1) <= 1e-12).all()
    for estimate in ESTIMATES:
        names = [estimate_name(estimate, days) for days in ANCHORS]
        assert (np.diff(frame[names].to_numpy(), axis=1) <= 1e-12).all()


@pytest.mark.parametrize("reached", [-5, 0, 5, 31])
def test_what_is_so_late_already_is_certain_to_be_later_than_fewer_days(reached: int):
    invoices, payments = regular()
    ledger = a_ledger([*invoices, an_invoice("OPEN", 200, 228)], payments)
    found = document_at(ledger, 228 + reached, "OPEN")
    for days in ANCHORS:
        for estimate in ESTIMATES:
            assert (found[estimate_name(estimate, days)] == 12.0) == (days <= reached)


def test_an_invoice_that_waits_is_ever_more_likely_to_be_paid_later_still():
    invoices, payments = regular(late=5)
    ledger = a_ledger([*invoices, an_invoice("OPEN", 200, 228)], payments)
    told = [document_at(ledger, 228 + late, "OPEN")[curve_name(30)] for late in (-3, 3, 10, 20, 29)]
    assert told == sorted(told)
    assert told[-1] > told[0] + 1


def test_open_invoices_that_went_past_the_habit_make_it_look_slower():
    invoices, payments = regular(late=5)
    for more in ([], [an_invoice(f"X{k}", 200, 228) for k in range(4)]):
        ledger = a_ledger([*invoices, *more, an_invoice("ASKED", 270, 298)], payments)
        found = document_at(ledger, 270, "ASKED")
        if not more:
            before = found
    for estimate in ("fast", "weekday", "like", "amount", "tempo"):
        assert found[estimate_name(estimate, 10)] > before[estimate_name(estimate, 10)] + 0.2, estimate


def test_an_open_invoice_not_yet_due_tells_nothing_of_delays():
    invoices, payments = regular(late=5)
    asked = an_invoice("ASKED", 270, 298)
    alone = document_at(a_ledger([*invoices, asked], payments), 270, "ASKED")
    beside = document_at(a_ledger([*invoices, an_invoice("X", 269, 400), asked], payments), 270, "ASKED")
    assert {name: alone[name] for name in COLUMNS} == {name: beside[name] for name in COLUMNS}


def test_a_payment_counts_only_when_its_interval_has_run_out_for_everybody():
    def asked(paid: bool) -> float:
        invoices = [an_invoice(f"F{k}", 0, 30) for k in range(6)]
        payments = [a_payment(f"F{k}", 41) for k in range(6)] if paid else []
        return document_at(
            a_ledger([*invoices, an_invoice("ASKED", 41, 71)], payments), 41, "ASKED"
        )[estimate_name("weekday", 10)]  # fmt: skip

    # On day 41 they are 11 days late: the interval of 11 and 12 days has not run out, whoever has paid.
    assert asked(paid=True) == asked(paid=False)


@pytest.mark.parametrize(("slow", "quick"), [("43.21A", None), (None, "41.10A")])
def test_a_sector_known_to_pay_later_has_a_slower_parent(slow: str | None, quick: str | None):
    customers = [a_customer("C1", naf=slow), a_customer("C2", naf=quick)]
    invoices = [an_invoice("F1", 0, 30), an_invoice("F2", 0, 30, customer_id="C2")]
    builder = FeatureBuilder.of(a_ledger(invoices, (), customers))
    frame = builder.documents(np.array([0, 1]), np.array([number(0)] * 2))
    construction_or_nobody, other = frame[estimate_name("parent", 30)]
    assert construction_or_nobody < other
    at_due = frame[estimate_name("parent", 0)]
    assert at_due[0] == at_due[1]
