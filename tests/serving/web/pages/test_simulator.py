from serving.store import AuditFilter
from tests.serving.web.visiting import a_customer_of, said, visitor, with_people


def test_an_order_is_decided_on_without_a_script():
    answer = visitor().get(f"/simulator/{a_customer_of('A')}", amount="500", terms="30")
    text = said(answer)
    assert "Oui" in text or "À soumettre au service crédit" in text
    assert "Encours après" in text
    assert 'value="500"' in answer.text


def test_a_decision_stands_in_the_audit_log_before_it_is_shown():
    customer_id = a_customer_of("B")
    visitor().get(f"/simulator/{customer_id}", amount="1 234,50", terms="30")
    newest = with_people().store.audit(1, about=AuditFilter(customer_id)).items[0]
    assert (newest.action, newest.who, newest.via) == ("decision", "camille", "session")
    assert newest.question["amount_eur"] == 1_234.5


def test_conditions_are_told_with_what_each_is_for():
    text = said(visitor().get(f"/simulator/{a_customer_of('D')}", amount="90000", terms="60"))
    assert "À respecter dans tous les cas" in text
    assert "acompte d'au moins" in text


def test_a_prepaid_order_uses_no_exposure():
    text = said(visitor().get(f"/simulator/{a_customer_of('C')}", amount="900000", prepaid="1"))
    assert "elle n'augmente pas l'encours" in text


def test_a_script_is_answered_the_decision_alone():
    person = visitor()
    answer = person.client.get(f"/simulator/{a_customer_of('A')}?amount=500", headers={"X-Part": "decision"})
    assert "<html" not in answer.text
    assert "Encours après" in said(answer)


def test_a_fault_is_told_at_its_field_and_asks_nothing():
    answer = visitor().get(f"/simulator/{a_customer_of('A')}", amount="12,000")
    assert answer.status_code == 200
    assert 'aria-invalid="true"' in answer.text
    assert "peut se lire de deux façons" in said(answer)
    assert "Encours après" not in said(answer)


def test_before_an_amount_is_given_nothing_is_wrong():
    assert "la décision s'affiche ici" in said(visitor().get(f"/simulator/{a_customer_of('A')}"))
