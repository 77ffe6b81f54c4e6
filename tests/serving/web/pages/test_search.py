from tests.serving.web.visiting import a_customer_of, said, visitor, with_people


def test_a_customer_is_found_by_name_siren_and_number():
    store, customer_id = with_people().store, a_customer_of("B")
    row = store.customer(customer_id).row
    for q in (row.name, row.siren, customer_id):
        answer = visitor().get("/", q=q)
        assert f'href="/customers/{customer_id}"' in answer.text, q


def test_results_come_with_grade_limit_exposure_and_what_is_overdue():
    store = with_people().store
    line = next(one for one in store.search("", 1000).items if one.overdue_eur > 0 and one.limit_eur > 0)
    text = said(visitor().get("/", q=line.customer_id))
    for figure in (line.limit_eur, line.open_eur, line.overdue_eur):
        assert f"{figure:,.0f}".replace(",", " ") in text.replace("\N{NARROW NO-BREAK SPACE}", " ")


def test_a_limit_of_nothing_is_told_as_prepayment():
    line = next(one for one in with_people().store.search("", 1000).items if one.limit_eur == 0)
    assert "paiement avant livraison" in said(visitor().get("/", q=line.customer_id))


def test_nothing_found_says_what_to_do():
    text = said(visitor().get("/", q="zzz<b>"))
    assert "Aucun client ne correspond à « zzz<b> »" in text.replace("\N{NO-BREAK SPACE}", " ")
    assert "pas encore cliente" in text


def test_the_list_goes_on():
    first = visitor().get("/")
    assert 'rel="next" href="/?offset=25"' in first.text
    assert 'rel="prev"' in visitor().get("/", offset=25).text
