from pathlib import Path

import numpy as np
import pytest

from benchmarks.peers import markdown, mean_and_spread, past_days_late, past_share, shared_data
from models.features.book import Book, open_book
from tests.builders import a_customer, a_ledger, a_payment, an_invoice


def a_book(*paid_late: int, asked: int = 200, due: int = 230) -> Book:
    """Return customers C1, who paid so many days late week after week, and C2, new; X asks about C1."""
    invoices = [an_invoice(f"I{at}", at * 7, at * 7 + 28) for at in range(len(paid_late))]
    payments = [a_payment(f"I{at}", at * 7 + 28 + late) for at, late in enumerate(paid_late)]
    invoices += [an_invoice("X", asked, due), an_invoice("Y", asked, due, customer_id="C2")]
    return open_book(a_ledger(invoices, payments, [a_customer("C1"), a_customer("C2")]))


def at(book: Book, invoice_id: str) -> np.ndarray:
    return np.flatnonzero(book.invoice_ids == invoice_id)


def test_a_customers_past_share_counts_what_went_past_the_days():
    book = a_book(0, 6, 7, 20)
    assert past_share(book, at(book, "X"), 5).tolist() == [0.75]
    assert past_share(book, at(book, "X"), 15).tolist() == [0.25]


def test_a_share_counts_only_what_could_be_told_on_the_day_of_issue():
    book = a_book(0, 20, asked=45, due=90)
    assert past_share(book, at(book, "X"), 15).tolist() == [0.0]


def test_a_customer_without_history_is_given_everyones_share_and_median():
    book = a_book(0, 6, 7, 20)
    assert past_share(book, at(book, "Y"), 5).tolist() == [0.75]
    assert past_days_late(book, at(book, "Y"))["past median"].tolist() == [6.5]


def test_where_nobody_has_a_past_nothing_is_late():
    book = a_book()
    assert past_share(book, at(book, "X"), 5).tolist() == [0.0]
    assert past_days_late(book, at(book, "X"))["past mean"].tolist() == [0.0]


def test_days_late_are_the_past_mean_and_median():
    past = past_days_late(book := a_book(0, 0, 9), at(book, "X"))
    assert past["past mean"].tolist() == [3.0]
    assert past["past median"].tolist() == [0.0]


@pytest.mark.parametrize(("due", "expected"), [(231, 9.0), (232, 1.0)])
def test_the_weekday_median_is_the_customers_own_where_the_weekday_has_none(due: int, expected: float):
    dues = {"A": 28, "B": 31, "C": 38}
    invoices = [an_invoice(name, day - 28, day) for name, day in dues.items()]
    payments = [a_payment("A", 37), a_payment("B", 32), a_payment("C", 39)]
    book = open_book(a_ledger([*invoices, an_invoice("X", 200, due)], payments))
    found = past_days_late(book, at(book, "X"))["past median of the due weekday"]
    assert found.tolist() == [expected]


def test_a_table_is_markdown_with_three_decimals():
    assert markdown(["who", "AUC"], [["ours", 0.91239]]).splitlines()[-1] == "| ours | 0.912 |"
    assert mean_and_spread([0.8, 0.9]) == "0.850 ± 0.050"


def test_absent_data_is_said_to_be_skipped(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("ENCOURS_SHARED_DATA", str(tmp_path))
    assert shared_data("ledgers/none.csv") is None
    assert "skipped" in capsys.readouterr().out
    (tmp_path / "some.csv").write_text("a\n")
    assert shared_data("some.csv") == tmp_path / "some.csv"
