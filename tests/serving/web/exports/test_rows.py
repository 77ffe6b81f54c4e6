import pytest

from models.wording.formats import LANGUAGES
from serving.web.exports import rows
from serving.web.words import words
from tests.serving.store.builders import a_customer, an_invoice
from tests.serving.web.visiting import with_people

FR = words("fr")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("columns", [rows.CUSTOMERS, rows.INVOICES, rows.WORKLIST, rows.PORTFOLIO])
def test_every_column_has_a_name(columns, language):
    named = rows.head(columns, words(language))
    assert len(set(named)) == len(columns)


def test_a_row_has_a_cell_for_every_column():
    (customer,) = rows.customers([a_customer("C1").summary()], FR, {}, {})
    (invoice,) = rows.invoices([an_invoice("F1", "C1")])
    assert (len(customer), len(invoice)) == (len(rows.CUSTOMERS), len(rows.INVOICES))


def test_a_row_of_the_worklist_has_a_cell_for_every_column():
    lines = with_people().store.chased().items
    assert lines
    assert all(len(row) == len(rows.WORKLIST) for row in rows.worklist(lines, FR, {}))


def test_the_portfolio_is_told_by_grade_band_and_customer():
    document = with_people().store.portfolio()
    found = list(rows.portfolio(document, FR, {}))  # type: ignore[arg-type]  # it is published
    assert all(len(row) == len(rows.PORTFOLIO) for row in found)
    assert len(found) == 5 + 5 + 1 + len(document["top_exposures"])  # type: ignore[index]
