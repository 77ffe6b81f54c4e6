import numpy as np

from models.features.book import open_book
from models.features.subjects import Subjects
from tests.builders import a_customer, a_ledger, an_invoice, days


def test_a_customer_is_asked_about_no_document():
    asked = Subjects.customers(np.array([0, 1]), days(3, 4))
    assert asked.document.tolist() == [-1, -1]
    assert len(asked) == 2


def test_a_document_is_asked_about_with_its_owner():
    ledger = a_ledger(
        [an_invoice("F1", 0, 30, customer_id="C2"), an_invoice("F2", 0, 30, customer_id="C1")],
        customers=[a_customer("C1"), a_customer("C2")],
    )
    asked = Subjects.documents(open_book(ledger), np.array([0, 1]), days(5, 5))
    assert asked.owner.tolist() == [1, 0]
