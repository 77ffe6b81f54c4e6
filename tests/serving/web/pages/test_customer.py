import datetime as dt
import html

import pytest

from models.policy.limit.stops import STOPS
from models.policy.overrides import stopped_by
from models.wording.formats import LANGUAGES
from models.wording.numerals import unbroken
from serving.usecases.customer_file import counterfactuals_of
from serving.web.view_models import customer
from serving.web.view_models.events import EventLine
from serving.web.words import words
from tests.models.fitted import fitted
from tests.serving.store.builders import an_override
from tests.serving.web.visiting import a_customer_of, said, visitor, with_people


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("grade", "ABCDE")
def test_the_page_says_what_the_night_published(grade, language):
    w, customer_id = words(language), a_customer_of(grade)
    found = with_people().store.customer_file(customer_id)
    document = found.stored.row.assessment
    told = document["pd_12m"]
    text = said(visitor().get(f"/customers/{customer_id}", lang=language))
    flat = " ".join(text.split())
    expected = [
        w.share(told["value"]) if told else w("probability.happened"),
        w.share(document["p_late30"]["low"]),
        w.eur(document["limit"]["limit_eur"]),
        w.day(document["limit"]["valid_until"]),
        document["policy_hash"],
        *(one.invoice_id for one in found.invoices),
        *(w.either(one["sentence_fr"], one["sentence_en"]) for one in (told or {}).get("reasons", [])[:6]),
    ]
    for figure in expected:
        assert " ".join(figure.split()) in flat, figure
    # Under a proceeding the stops alone decided.
    for term in [one for one in document["limit"]["terms"] if told or one["name"] in STOPS]:
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
        assert "par dérogation" in text
        assert "Le plafond calculé est valable jusqu'au" in text
        assert "Valable jusqu'au" not in text
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
    assert answer.text.count('role="img"') == answer.text.count("Les chiffres du graphique") >= 6
    decoration = answer.text.count('aria-hidden="true"><rect')
    assert answer.text.count('role="img"') + decoration == answer.text.count("<svg")


def test_what_registers_and_the_seller_know_is_listed_by_day():
    store, w = with_people().store, words("fr")
    found = next(
        file
        for one in store.search("", 1000).items
        if (file := store.customer_file(one.customer_id)).dossier.filings and file.dossier.signals
    )
    text = " ".join(said(visitor().get(f"/customers/{found.stored.row.customer_id}")).split())
    listed = text[text.index("Registres et signaux") :]
    for event in (*found.dossier.filings, *found.dossier.signals):
        assert w.day(event.known_on) in listed


def test_what_changed_overnight_stands_before_the_grade_and_why_is_told_below():
    alert = with_people().store.alerts(None, None, 1, 0).items[0]
    page = visitor().get(f"/customers/{alert.customer_id}").text
    text = " ".join(said(visitor().get(f"/customers/{alert.customer_id}")).split())
    assert page.index('href="#past"') < page.index('id="standing"') < page.index('id="past"')
    assert text.count(" ".join(unbroken(alert.sentence_fr).split())) == 2
    assert "Avant, après, et la part de chaque cause" in text


def test_what_stops_all_credit_is_said_before_anything_else():
    store = with_people().store
    lines = store.search("", 1000).items
    own, customer_id = next(
        (own, one.customer_id)
        for one in lines
        if (own := store.customer(one.customer_id).row.assessment) and stopped_by(own)
    )
    page = visitor().get(f"/customers/{customer_id}").text
    before_the_figures = html.unescape(page[: page.index('<dl class="key">')])
    for term in stopped_by(own):
        assert unbroken(term["label_fr"]) in before_the_figures


def test_what_others_say_stands_on_the_page_where_they_said_something(monkeypatch):
    address = f"/customers/{a_customer_of('B')}"
    assert "Avis extérieurs" not in said(visitor().get(address))
    line = EventLine("02/05/2026", "Creditsafe : 71", "de 0 (le pire) à 100 (le meilleur)", is_grave=False)
    monkeypatch.setattr(customer, "opinions_view", lambda dossier, w: (line,))
    text = " ".join(said(visitor().get(address)).split())
    assert "Avis extérieurs 02/05/2026 Creditsafe : 71 de 0 (le pire) à 100 (le meilleur)" in text
