import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.sources.mapping.building import NUMBER, OWN_NUMBER, SETTLED_ON
from pipelines.sources.mapping.settling import Settlement, line_of, settle

Line = tuple[int, str | None, int, int]
DAY = pd.Timestamp(2024, 1, 1)


def invoices(*rows: tuple[object, ...]) -> pd.DataFrame:
    frame = pd.DataFrame(
        rows, columns=["invoice_id", "customer_id", "kind", "due", "amount_cents", NUMBER, "cleared"]
    )
    days = pd.to_timedelta(frame.pop("due"), unit="D")
    cleared = pd.to_timedelta(pd.to_numeric(frame.pop("cleared")), unit="D")
    return frame.assign(
        issued_on=(DAY + days).astype("datetime64[s]"),
        due_on=(DAY + days).astype("datetime64[s]"),
        **{SETTLED_ON: (DAY + cleared).astype("datetime64[s]"), NUMBER: frame[NUMBER].astype("str")},
    ).astype({"invoice_id": "str", "customer_id": "str", "kind": "str"})


def payments(*rows: tuple[object, ...]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["payment_id", "customer_id", "day", "amount_cents", NUMBER])
    days = pd.to_timedelta(pd.to_numeric(frame.pop("day")), unit="D")
    frame = frame.assign(paid_on=(DAY + days).astype("datetime64[s]"))
    return frame.astype({"payment_id": "str", "customer_id": "str", NUMBER: "str", "amount_cents": "int64"})


def made(got: Settlement) -> dict[str, tuple[str | None, int, int]]:
    frame = got.payments
    known = frame.astype("object").where(frame.notna(), None)
    return {
        row.payment_id: (row.invoice_id, (row.paid_on - DAY).days, row.amount_cents)
        for row in known.itertuples()
    }


def test_one_payment_settles_two_invoices_the_oldest_due_first():
    got = settle(
        invoices(("B", "C", "invoice", 9, 300, "L", None), ("A", "C", "invoice", 2, 700, "L", None)),
        payments(("P", "C", 20, 900, "L")),
    )
    assert made(got) == {"P": ("A", 20, 700), "P::2": ("B", 20, 200)}


def test_two_payments_settle_one_invoice_and_the_rest_is_on_account():
    got = settle(
        invoices(("A", "C", "invoice", 2, 500, "L", None)),
        payments(("P", "C", 5, 200, "L"), ("Q", "C", 8, 400, "L")),
    )
    assert made(got) == {"P": ("A", 5, 200), "Q": (None, 8, 100), "Q::2": ("A", 8, 300)} or made(got) == {
        "P": ("A", 5, 200),
        "Q": ("A", 8, 300),
        "Q::2": (None, 8, 100),
    }


def test_the_same_number_at_another_customer_ties_nothing():
    got = settle(invoices(("A", "C", "invoice", 2, 500, "L", None)), payments(("P", "D", 5, 500, "L")))
    assert made(got) == {"P": (None, 5, 500)}


def test_a_credit_note_lowers_its_invoice_and_is_used_up():
    got = settle(
        invoices(("A", "C", "invoice", 2, 500, "L", None), ("N", "C", "credit_note", 4, 500, "L", None)),
        payments(),
    )
    assert made(got) == {"N::applied": ("A", 4, 500), "N::used": ("N", 4, -500)}


def test_a_credit_note_paid_back_is_used_up_by_the_refund():
    got = settle(invoices(("N", "C", "credit_note", 4, 50, "L", None)), payments(("R", "C", 6, -50, "L")))
    assert made(got) == {"R": ("N", 6, -50)}


def test_a_payment_sent_back_leaves_both_on_account():
    got = settle(invoices(), payments(("P", "C", 5, 70, "L"), ("R", "C", 6, -70, "L")))
    assert made(got) == {"P": (None, 5, 70), "R": (None, 6, -70)}


def test_a_clearing_date_settles_what_is_left():
    got = settle(
        invoices(("A", "C", "invoice", 2, 500, "L", 9), ("B", "C", "invoice", 2, 80, None, 7)),
        payments(("P", "C", 5, 450, "L")),
    )
    assert made(got) == {"P": ("A", 5, 450), "A::cleared": ("A", 9, 50), "B::cleared": ("B", 7, 80)}


def test_money_cleared_against_what_is_in_no_row_is_spent_and_no_credit():
    paid = payments(("P", "C", 5, 500, "L"), ("Q", "C", 6, 70, None))
    cleared = (DAY + pd.to_timedelta(pd.Series([9, None]), unit="D")).astype("datetime64[s]")
    got = settle(invoices(("A", "C", "invoice", 2, 300, "L", 9)), paid.assign(**{SETTLED_ON: cleared}))
    assert made(got) == {"P": ("A", 5, 300), "Q": (None, 6, 70)}
    assert got.spent.to_dict() == {"P": 200}


@pytest.mark.parametrize(("cleared", "spent"), [(True, {"P": 500, "R": -20}), (False, {})])
def test_a_number_that_only_money_has_says_that_it_is_spent_where_the_mapping_says_so(
    cleared: bool, spent: dict[str, int]
):
    paid = payments(("P", "C", 5, 500, "L"), ("R", "C", 5, -20, "M"), ("Q", "D", 6, 70, "N"))
    got = settle(invoices(("A", "C", "invoice", 2, 300, "N", None)), paid, cleared=cleared)
    assert got.spent.to_dict() == spent
    assert made(got)["Q"] == (None, 6, 70)
    assert set(made(got)) | set(spent) == {"P", "Q", "R"}


def linked(frame: pd.DataFrame, *own: str) -> pd.DataFrame:
    return frame.assign(**{OWN_NUMBER: pd.Series(own, index=frame.index, dtype="str")})


def test_links_tie_rows_to_the_one_that_closed_them_and_closed_ones_are_settled_first():
    bills = invoices(
        ("A", "C", "invoice", 2, 1000, "0", None),
        ("B", "C", "invoice", 9, 500, "14", None),
        ("D", "E", "invoice", 9, 400, "14", None),
    )
    paid = payments(("P", "C", 20, 1100, "11"), ("Q", "C", 21, 30, None))
    got = settle(linked(bills, "11", "12", "13"), linked(paid, "14", "15"))
    assert made(got) == {"P": ("A", 20, 600), "P::2": ("B", 20, 500), "Q": (None, 21, 30)}


def test_money_closed_by_a_row_that_did_not_come_is_spent():
    got = settle(linked(invoices(), *()), linked(payments(("P", "C", 20, 90, "7")), "14"))
    assert (made(got), got.spent.to_dict()) == ({}, {"P": 90})


def test_nothing_makes_nothing():
    assert settle(invoices(), payments()).payments.empty


def test_a_part_tells_its_line():
    assert line_of(pd.Series(["P", "P::2", "A::cleared"])).tolist() == ["P", "P", "A"]


lines = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(["L", "M", None]), st.integers(1, 999), st.integers(0, 60)),
    max_size=12,
)


@pytest.mark.slow
@given(lines, lines)
def test_no_cent_is_lost_and_no_invoice_overpaid(owed: list[Line], paid: list[Line]):
    ours = invoices(
        *((f"I{n}", f"C{c}", "invoice", day, cents, tie, None) for n, (c, tie, cents, day) in enumerate(owed))
    )
    theirs = payments(*((f"P{n}", f"C{c}", day, cents, tie) for n, (c, tie, cents, day) in enumerate(paid)))
    got = settle(ours, theirs).payments
    assert got["payment_id"].is_unique
    by_line = got.groupby(line_of(got["payment_id"]))["amount_cents"].sum()
    assert by_line.to_dict() == dict(zip(theirs["payment_id"], theirs["amount_cents"], strict=True))
    settled = got.groupby("invoice_id")["amount_cents"].sum()
    assert (settled <= ours.set_index("invoice_id")["amount_cents"].reindex(settled.index)).all()
