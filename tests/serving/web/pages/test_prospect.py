from tests.serving.web.visiting import a_customer_of, said, visitor, with_people


def test_a_prospect_is_answered_with_its_limit_and_reasons():
    text = said(visitor().get("/prospect", name="Essai SARL", naf="43.21A", headcount="12", amount="5 000"))
    assert "Réponse pour Essai SARL" in text
    assert "Aucun historique" in text
    assert "critère limitant" in text


def test_the_answer_stands_in_the_audit_log():
    visitor().get("/prospect", name="Essai du journal")
    newest = with_people().store.audit(1).items[0]
    assert (newest.action, newest.who) == ("assessment", "camille")
    assert newest.question["prospect"]["name"] == "Essai du journal"


def test_faults_stand_beside_their_fields_and_what_was_typed_is_kept():
    answer = visitor().get("/prospect", name="Essai", siren="123", amount="5 000")
    assert answer.status_code == 422
    assert 'value="123"' in answer.text
    assert 'value="5 000"' in answer.text
    assert "clé de contrôle" in said(answer)
    assert answer.text.count('aria-invalid="true"') == 1


def test_a_customers_number_opens_its_page_with_the_order_asked():
    row = with_people().store.customer(a_customer_of("B")).row
    answer = visitor().get("/prospect", siren=row.siren, amount="500", terms="30")
    assert answer.status_code == 303
    found = visitor().get(answer.headers["location"])
    assert "Commande de 500 €" in said(found)
    newest = with_people().store.audit(2).items
    assert {one.action for one in newest} == {"decision", "page"}


def test_an_order_of_a_prospect_is_decided_on_and_its_address_says_the_same_again():
    asked = {"name": "Essai SARL", "naf": "43.21A", "amount": "1 200", "terms": "30"}
    first, again = visitor().get("/prospect", **asked), visitor().get("/prospect", **asked)
    newest = with_people().store.audit(2).items
    assert [one.action for one in newest] == ["decision", "decision"]
    assert newest[0].answer["outcome"] == newest[1].answer["outcome"]
    for page in (first, again):
        assert "Commande de 1" in said(page)
        assert page.text.index('id="verdict"') < page.text.index('id="standing"')


def test_without_an_amount_the_answer_is_up_to_how_much():
    text = said(visitor().get("/prospect", name="Essai SARL", naf="43.21A", headcount="12"))
    assert "jusqu'à" in text or "À soumettre" in text


def test_the_other_language_is_at_the_same_address():
    answer = visitor().get("/prospect", name="Essai & fils", amount="100")
    assert 'href="/prospect?name=Essai+%26+fils&amp;amount=100&amp;lang=en"' in answer.text


def test_a_sole_trader_is_told_that_a_human_decides():
    for order in ({}, {"amount": "3000", "terms": "30"}):
        text = said(visitor().get("/prospect", name="Essai", legal_form="1000", **order))
        assert text.count("est une personne physique") == 1
