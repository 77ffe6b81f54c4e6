import numpy as np
import pytest

from models.features.book import open_book
from models.features.movements import disputed_stream, issued_stream, open_stream, overdue_stream
from models.features.running import Stream
from models.ledger.ledger import Ledger
from tests.builders import a_ledger, a_payment, an_invoice, days


def level(stream: Stream, day: int, name: str = "amount") -> int:
    """Return the sum of the first customer's movements by the end of a day."""
    owner = np.zeros(1, dtype=np.int64)
    return int(stream.total(name, stream.start(owner), stream.upto(owner, days(day)))[0])


def paid(*payments: dict[str, object]) -> Ledger:
    return a_ledger([an_invoice("F1", 0, 30)], payments)


def test_an_invoice_moves_the_exposure_when_issued_and_when_paid():
    opened = open_stream(open_book(paid(a_payment("F1", 20, 400.0), a_payment("F1", 40, 600.0))))
    assert [level(opened, day) for day in (-1, 0, 20, 40)] == [0, 100_000, 60_000, 0]
    assert [level(opened, day, "n") for day in (-1, 0, 20, 40)] == [0, 1, 1, 0]


@pytest.mark.parametrize("age", [0, 30, 60, 90])
def test_an_invoice_closed_before_it_is_so_late_makes_no_movement(age: int):
    book = open_book(paid(a_payment("F1", 30 + age, 1_000.0)))
    assert len(overdue_stream(book, age).keys) == 0
    assert len(overdue_stream(open_book(paid(a_payment("F1", 32 + age, 1_000.0))), age).keys) > 0


def test_a_payment_taken_back_after_the_due_date_makes_it_overdue_again():
    book = open_book(paid(a_payment("F1", 20), a_payment("F1", 50, -1_000.0)))
    assert [level(overdue_stream(book, 0), day) for day in (31, 49, 50)] == [0, 0, 100_000]


def test_a_part_paid_early_is_overdue_for_the_rest_alone():
    assert level(overdue_stream(open_book(paid(a_payment("F1", 10, 900.0))), 0), 31) == 10_000


def test_credit_notes_are_neither_issued_nor_disputed_nor_overdue():
    book = open_book(a_ledger([an_invoice("N1", 0, 0, kind="credit_note", disputed=(0, None))]))
    for stream in (issued_stream(book), disputed_stream(book), overdue_stream(book, 0)):
        assert len(stream.keys) == 0
    assert level(open_stream(book), 0) == -100_000
