from itertools import count
from pathlib import Path

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from pipelines.sources.bookkeeping.matching import INFERRED, LETTER, ON_ACCOUNT, settle
from tests.pipelines.sources.fec.builders import balance, entry, imported, paid, sale

KINDS = ("invoice", "credit_note", "payment", "refund")


def items(*rows: tuple[str, int, int, int], apart: tuple[int, ...] = ()) -> pd.DataFrame:
    """Items of one customer: kind, day, cents, group."""
    frame = pd.DataFrame(rows, columns=["kind", "day", "cents", "group"])
    return frame.assign(customer=0, due=frame["day"] + 30, apart=[at in apart for at in range(len(rows))])


def parts(frame: pd.DataFrame, furthest_days: int = 365) -> list[tuple[int, int, int, int, str]]:
    return [tuple(row) for row in settle(frame, furthest_days).itertuples(index=False)]


def test_a_letter_ties_a_payment_to_its_invoice_on_the_payments_day():
    assert parts(items(("invoice", 1, 100, 7), ("payment", 40, 100, 7))) == [(1, 0, 40, 100, LETTER)]


def test_a_letter_comes_before_age():
    frame = items(("invoice", 1, 100, -1), ("invoice", 2, 100, 7), ("payment", 40, 100, 7))
    assert parts(frame) == [(2, 1, 40, 100, LETTER)]


def test_without_letters_the_oldest_is_paid_first_and_said_to_be_inferred():
    frame = items(("invoice", 1, 100, -1), ("invoice", 2, 100, -1), ("payment", 40, 150, -1))
    assert parts(frame) == [(2, 0, 40, 100, INFERRED), (2, 1, 40, 50, INFERRED)]


def test_money_before_the_invoice_waits_for_it():
    assert parts(items(("payment", 1, 80, -1), ("invoice", 9, 100, -1))) == [(0, 1, 1, 80, INFERRED)]


def test_money_without_an_invoice_is_on_account():
    assert parts(items(("payment", 1, 80, -1))) == [(0, -1, 1, 80, ON_ACCOUNT)]


def test_inference_leaves_what_is_too_old_alone():
    frame = items(("invoice", 1, 100, -1), ("invoice", 380, 100, -1), ("payment", 400, 100, -1))
    assert parts(frame) == [(2, 1, 400, 100, INFERRED)]


def test_what_is_set_apart_takes_no_part_in_inference_but_in_letters():
    assert parts(items(("invoice", 1, 100, -1), ("payment", 9, 100, -1), apart=(0,))) == [
        (1, -1, 9, 100, ON_ACCOUNT)
    ]
    assert parts(items(("invoice", 1, 100, 3), ("payment", 9, 100, 3), apart=(0,))) == [
        (1, 0, 9, 100, LETTER)
    ]


def test_a_credit_note_counts_on_the_invoice_and_on_itself():
    assert parts(items(("invoice", 1, 100, 7), ("credit_note", 5, 30, 7))) == [
        (1, 0, 5, 30, LETTER),
        (1, 1, 5, -30, LETTER),
    ]


def test_a_returned_payment_never_paid_and_the_next_one_does():
    frame = items(
        ("invoice", 1, 100, 7), ("payment", 30, 100, 7), ("refund", 33, 100, 7), ("payment", 50, 100, 7)
    )
    assert parts(frame) == [(1, -1, 30, 100, LETTER), (2, -1, 33, -100, LETTER), (3, 0, 50, 100, LETTER)]


def test_an_overpayment_given_back_leaves_the_invoice_paid():
    frame = items(("invoice", 1, 100, 7), ("payment", 30, 110, 7), ("refund", 40, 10, 7))
    assert parts(frame) == [(1, 0, 30, 100, LETTER), (1, -1, 30, 10, LETTER), (2, -1, 40, -10, LETTER)]


def test_a_credit_note_given_back_in_money_is_settled():
    assert parts(items(("credit_note", 1, 50, 7), ("refund", 9, 50, 7))) == [(1, 0, 9, -50, LETTER)]


@st.composite
def any_items(draw: st.DrawFn) -> pd.DataFrame:
    days = count(1)
    row = st.tuples(st.sampled_from(KINDS), st.integers(1, 500), st.integers(1, 400), st.integers(-1, 3))
    rows = draw(st.lists(row, min_size=1, max_size=25))
    frame = items(*rows)
    return frame.assign(
        customer=draw(st.lists(st.integers(0, 2), min_size=len(rows), max_size=len(rows))),
        group=[-1 if group < 0 else group for group in frame["group"]],
        due=frame["day"] + next(days),
    )


@given(any_items(), st.integers(0, 400))
def test_whatever_is_matched_nothing_is_paid_twice_and_all_money_is_told(frame: pd.DataFrame, furthest: int):
    frame = frame.assign(
        group=frame["group"].where(frame["group"] < 0, frame["customer"] * 10 + frame["group"])
    )
    found = settle(frame, furthest)
    by_line = found.groupby("line")["cents"].sum()
    on = found[found["document"] >= 0].groupby("document")["cents"].sum()
    for at, row in frame.iterrows():
        if row["kind"] == "payment":
            assert by_line[at] == row["cents"]
        elif row["kind"] == "refund":
            assert by_line[at] == -row["cents"]
        elif row["kind"] == "invoice":
            assert 0 <= on.get(at, 0) <= row["cents"]
        else:
            assert -row["cents"] <= on.get(at, 0) <= 0
    tied = found[found["document"] >= 0]
    customer = frame["customer"].to_numpy()
    assert (customer[tied["line"]] == customer[tied["document"]]).all()


@given(any_items())
def test_the_order_of_the_lines_does_not_matter_to_what_is_owed(frame: pd.DataFrame):
    frame = frame.assign(
        group=frame["group"].where(frame["group"] < 0, frame["customer"] * 10 + frame["group"])
    )
    sums = [settle(one.reset_index(drop=True), 365)["cents"].sum() for one in (frame, frame.iloc[::-1])]
    assert sums[0] == sums[1]


def test_the_payments_day_is_the_credits_never_the_day_of_lettering(tmp_path: Path):
    letters = {"EcritureLet": "A", "DateLet": "20251231"}
    _, ledger = imported(
        tmp_path, sale("1", "20250110", "C1", 100, **letters), paid("1", "20250214", "C1", 100, **letters)
    )
    assert ledger.payments["paid_on"].tolist() == [pd.Timestamp(2025, 2, 14)]


def test_a_returned_debit_leaves_the_invoice_late_until_it_is_really_paid(tmp_path: Path):
    _, ledger = imported(
        tmp_path,
        sale("1", "20250110", "C1", 100),
        paid("1", "20250210", "C1", 100),
        entry("BQ", "2", "20250213", "C1", 100, "512000", EcritureLib="Impayé prélèvement"),
        paid("3", "20250320", "C1", 100),
    )
    tied = ledger.payments[ledger.payments["invoice_id"].notna()]
    assert tied["paid_on"].tolist() == [pd.Timestamp(2025, 3, 20)]
    assert balance(ledger) == {}
    assert ledger.signals["kind"].tolist() == ["returned_debit"]
