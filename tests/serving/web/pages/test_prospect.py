from tests.serving.web.visiting import a_customer_of, said, visitor, with_people


def test_a_prospect_is_answered_with_its_limit_and_reasons():
    text = said(visitor().post("/prospect", name="Essai SARL", naf="43.21A", headcount="12", amount="5 000"))
    assert "Réponse pour Essai SARL" in text
    assert "Aucun historique" in text
    assert "critère limitant" in text


def test_the_answer_stands_in_the_audit_log():
    visitor().post("/prospect", name="Essai du journal")
    newest = with_people().store.audit(1).items[0]
    assert (newest.action, newest.who) == ("assessment", "camille")
    assert newest.question["prospect"]["name"] == "Essai du journal"


def test_faults_stand_beside_their_fields_and_what_was_typed_is_kept():
    answer = visitor().post("/prospect", name="Essai", siren="123", amount="5 000")
    assert answer.status_code == 422
    assert 'value="123"' in answer.text
    assert 'value="5 000"' in answer.text
    assert "clé de contrôle" in said(answer)
    assert answer.text.count('aria-invalid="true"') == 1


def test_a_company_that_is_a_customer_already_is_told():
    row = with_people().store.customer(a_customer_of("B")).row
    answer = visitor().post("/prospect", name="Essai", siren=row.siren)
    assert "déjà cliente" in said(answer)
    assert f'href="/customers/{row.customer_id}"' in answer.text


def test_the_other_language_keeps_what_was_typed():
    answer = visitor().post("/prospect", name="Essai & fils")
    assert 'action="/prospect?lang=en"' in answer.text
    assert '<input type="hidden" name="name" value="Essai &amp; fils">' in answer.text


def test_a_sole_trader_is_told_that_a_human_decides():
    assert "personne physique" in said(visitor().post("/prospect", name="Essai", legal_form="1000"))
