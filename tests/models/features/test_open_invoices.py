"""What customers have open at the end of a day, and as it is kept in their state."""

import numpy as np

from models.features.build import FeatureBuilder
from models.features.open_invoices import MOST_OPEN, OPEN, OpenInvoices
from tests.builders import FIRST, a_ledger, a_payment, an_invoice, number
from tests.random_ledger import draw_ledger


def test_open_invoices_come_back_from_their_columns_the_latest_first():
    builder = FeatureBuilder.of(draw_ledger(17))
    owner, day = np.arange(5), np.full(5, FIRST + 400)
    opened = builder.habit.curves.open(owner, day, np.full(5, -1))
    columns = opened.columns()
    again = OpenInvoices.of(np.stack(list(columns.values()), axis=1))
    assert list(columns) == OPEN
    for name in ("ends", "late", "due", "cents"):
        assert np.array_equal(getattr(again, name), getattr(opened, name))
    assert opened.ends[-1] > 5


def test_of_many_open_invoices_the_last_issued_are_kept():
    invoices = [an_invoice(f"F{k:03d}", k, k + 30, 100.0 + k) for k in range(MOST_OPEN + 10)]
    builder = FeatureBuilder.of(a_ledger(invoices))
    state = builder.states(np.array([0]), np.array([number(100)])).iloc[0]
    due = state[[f"open{place}_due" for place in range(MOST_OPEN)]].to_numpy() - FIRST
    cents = state[[f"open{place}_cents" for place in range(MOST_OPEN)]].to_numpy()
    assert due.tolist() == [MOST_OPEN + 39 - place for place in range(MOST_OPEN)]
    assert cents.tolist() == [100 * (100 + MOST_OPEN + 9 - place) for place in range(MOST_OPEN)]


def test_the_invoice_asked_about_is_no_open_invoice_of_its_own_past():
    ledger = a_ledger([an_invoice("PAID", 0, 30), an_invoice("ASKED", 200, 228)], [a_payment("PAID", 40)])
    builder = FeatureBuilder.of(ledger)
    curves, book = builder.habit.curves, builder.book
    document, day = np.flatnonzero(book.invoice_ids == "ASKED"), np.array([number(250)])
    assert curves.open(np.array([0]), day, document).late.tolist() == []
    assert curves.open(np.array([0]), day, np.array([-1])).late.tolist() == [22]


def test_days_in_dispute_make_no_open_invoice_late():
    ledger = a_ledger(
        [an_invoice("X", 0, 30, disputed=(40, 60)), an_invoice("Y", 0, 30, disputed=(10, None))]
    )
    opened = FeatureBuilder.of(ledger).habit.curves.open(
        np.array([0, 0]), np.array([number(70), number(50)]), np.array([-1, -1])
    )
    # X on day 70: 40 days past due, 20 of them in dispute; on day 50: 20, of which 10. Y never is late.
    assert sorted(opened.late[:2].tolist()) == [0, 20]
    assert sorted(opened.late[2:].tolist()) == [0, 10]


def test_customers_put_together_are_those_of_each_in_order():
    builder = FeatureBuilder.of(draw_ledger(18))
    owner, day = np.arange(5), np.full(5, FIRST + 400)
    whole = builder.habit.curves.open(owner, day, np.full(5, -1))
    each = [builder.habit.curves.open(owner[[k]], day[[k]], np.array([-1])) for k in owner]
    for name in ("begins", "ends", "late", "due", "cents"):
        assert np.array_equal(getattr(OpenInvoices.together(each), name), getattr(whole, name))


def test_what_is_settled_or_issued_later_is_not_open_on_the_day():
    ledger = a_ledger(
        [an_invoice("PAID", 0, 30), an_invoice("OPEN", 5, 35), an_invoice("LATER", 51, 81)],
        [a_payment("PAID", 50), a_payment("OPEN", 51)],
    )
    curves = FeatureBuilder.of(ledger).habit.curves
    for day, late in ((49, [19, 14]), (50, [15]), (51, [-30])):
        assert curves.open(np.array([0]), np.array([number(day)]), np.array([-1])).late.tolist() == late


def test_nobody_has_nothing_open():
    nothing = OpenInvoices.of(np.empty((0, len(OPEN))))
    assert {len(column) for column in nothing.columns().values()} == {0}
    assert list(nothing.columns()) == OPEN
