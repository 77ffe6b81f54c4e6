import datetime as dt

import pytest

from models.numerals import unbroken
from serving.customer_files import counterfactuals_of
from serving.web.words import LANGUAGES, words
from tests.models.fitted import fitted
from tests.serving.store.builders import an_override
from tests.serving.web.visiting import a_customer_of, said, visitor, with_people


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("grade", "ABCDE")
def test_the_page_says_what_the_night_published(grade, language):
    w, customer_id = words(language), a_customer_of(grade)
    found = with_people().store.customer_file(customer_id)
    document = found.stored.row.assessment
    text = said(visitor().get(f"/customers/{customer_id}", lang=language))
    flat = " ".join(text.split())
    expected = [
        w.share(document["pd_12m"]["value"]),
        w.share(document["p_late30"]["low"]),
        w.eur(document["limit"]["limit_eur"]),
        w.day(document["limit"]["valid_until"]),
        document["policy_hash"],
        *(one.invoice_id for one in found.invoices),
        *(w.either(one["sentence_fr"], one["sentence_en"]) for one in document["pd_12m"]["reasons"][:6]),
    ]
    for figure in expected:
        assert " ".join(figure.split()) in flat, figure
    for term in document["limit"]["terms"]:
        assert " ".join(w.either(term["label_fr"], term["label_en"]).split()) in flat


def test_a_natural_person_is_told_that_a_human_decides():
    store = with_people().store
    person = next(
        one.customer_id
        for one in store.search("", 1000).items
        if store.customer(one.customer_id).row.assessment["needs_human"]
    )
    assert "personne physique" in said(visitor().get(f"/customers/{person}"))


def test_an_override_in_force_stands_beside_the_models_own():
    store, customer_id = with_people().store, a_customer_of("A")
    own = store.customer(customer_id).row.limit_eur
    until = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=30)
    kept = store.add_override(
        an_override(customer_id=customer_id, value=own + 100.0, valid_until=until, who="dominique")
    )
    try:
        text = " ".join(said(visitor().get(f"/customers/{customer_id}")).split())
        w = words("fr")
        assert " ".join(w.eur(own + 100).split()) in text
        assert "Plafond fixé par dominique" in text
        assert " ".join(w.eur(own).split()) in text
    finally:
        store.withdraw_override(kept.override_id, "dominique", "end of the test, taken back")


@pytest.mark.parametrize("grade", "ABCDE")
def test_what_would_help_is_asked_of_the_models(grade):
    customer_id = a_customer_of(grade)
    found = with_people().store.customer_file(customer_id)
    helps = counterfactuals_of(found, fitted().assessor, dt.datetime.now(dt.UTC).date())
    text = " ".join(said(visitor().get(f"/customers/{customer_id}")).split())
    assert ("Aucun changement simple" in text) == (helps == [])
    for one in helps:
        assert " ".join(unbroken(one["sentence_fr"]).split()) in text


def test_every_picture_has_its_figures_beside_it():
    answer = visitor().get(f"/customers/{a_customer_of('C')}")
    assert answer.text.count("<svg") == answer.text.count("Les chiffres du graphique")
    assert answer.text.count('role="img"') == answer.text.count("<svg") >= 8
