import io

from pypdf import PdfReader

from serving.store import AuditFilter
from tests.serving.web.visiting import a_customer_of, visitor, with_people


def lines(path: str, **params: object) -> list[str]:
    answer = visitor().get(path, **params)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return answer.content.decode("utf-8-sig").splitlines()


def test_a_search_is_taken_away_whole():
    found = lines("/exports/customers.csv")
    assert len(found) == with_people().store.search("").total + 1
    assert found[0].startswith("numéro client;nom;SIREN;note")


def test_english_tables_have_points_and_commas():
    assert lines("/exports/customers.csv", lang="en")[0].startswith("customer number,name")


def test_open_invoices_the_worklist_and_the_portfolio_are_taken_away():
    store, customer_id = with_people().store, a_customer_of("C")
    assert (
        len(lines("/exports/invoices.csv", customer=customer_id)) == len(store.invoices_of(customer_id)) + 1
    )
    assert len(lines("/exports/worklist.csv", tone="firm")) == store.worklist("firm").total + 1
    assert len(lines("/exports/portfolio.csv")) > 10


def test_the_sheet_is_one_page_and_stands_in_the_audit_log():
    customer_id = a_customer_of("D")
    answer = visitor().get("/exports/assessment.pdf", customer=customer_id)
    assert answer.headers["content-type"] == "application/pdf"
    (page,) = PdfReader(io.BytesIO(answer.content)).pages
    entry = with_people().store.audit(1, about=AuditFilter(customer_id)).items[0]
    assert entry.action == "sheet"
    assert entry.answer_id in page.extract_text()
    assert entry.answer["grade"] == "D"


def test_an_unknown_customer_has_no_sheet():
    assert visitor().get("/exports/assessment.pdf", customer="nobody").status_code == 404
