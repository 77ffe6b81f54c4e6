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


def test_a_decision_is_printed_as_it_was_answered_with_its_question_whoever_takes_it():
    customer_id = a_customer_of("B")
    page = visitor().get(f"/simulator/{customer_id}", amount="1 234,50", terms="30", deposit="20")
    entry = with_people().store.audit(1, about=AuditFilter(customer_id)).items[0]
    assert f"/exports/decision.pdf?answer={entry.answer_id}" in page.text
    answer = visitor("analyst").get("/exports/decision.pdf", answer=entry.answer_id)
    assert answer.headers["content-type"] == "application/pdf"
    name = f"-{entry.at.date()}.pdf"
    assert name in answer.headers["content-disposition"]
    (sheet,) = PdfReader(io.BytesIO(answer.content)).pages
    text = " ".join(sheet.extract_text().split())
    for expected in ("Demandée par", "camille", "1 234,50 €", "246,90 €", entry.answer_id):
        assert expected in text, expected
    taken = with_people().store.audit(1, about=AuditFilter(customer_id)).items[0]
    assert (taken.action, taken.question) == ("sheet", {"answer_id": entry.answer_id})


def test_what_is_no_decision_is_not_printed():
    visitor().get(f"/customers/{a_customer_of('B')}")
    newest = with_people().store.audit(1).items[0]
    assert newest.action == "page"
    for answer_id in (newest.answer_id, "0" * 32):
        assert visitor().get("/exports/decision.pdf", answer=answer_id).status_code == 404


def test_an_unknown_customer_has_no_sheet():
    assert visitor().get("/exports/assessment.pdf", customer="nobody").status_code == 404
