import pytest
from hypothesis import given

from models.policy.document import load_policy
from models.policy.limit.limit import recommend_limit
from models.wording.formats import LANGUAGES
from serving.web.view_models.working import FLAGS, input_figure, input_label, limit_view
from serving.web.words import both_texts, words
from tests.models.policy.builders import a_case, cases
from tests.serving.web.view_models.builders import a_document, an_override, in_force

FR = words("fr")


def a_limit(case=None):
    return a_document(limit=None) | {"limit": _plain(recommend_limit(case or a_case(), load_policy()))}


def _plain(limit):
    from dataclasses import asdict

    return {**asdict(limit), "valid_until": limit.valid_until.isoformat()}


def test_every_term_of_every_limit_is_told_with_its_inputs():
    limit = _plain(recommend_limit(a_case(), load_policy()))
    view = limit_view(limit, FR)
    assert len(view.terms) == len(limit["terms"])
    told = {figure for term in view.terms for _, figure in term.inputs}
    assert FR.eur(80_000) in told
    assert FR.share(0.35) in told


@given(case=cases())
def test_one_term_binds_and_comes_first(case):
    view = limit_view(_plain(recommend_limit(case, load_policy())), FR)
    assert [term.binds for term in view.terms].count(True) == 1
    assert view.terms[0].binds
    assert view.binding == view.terms[0].label
    known = [term.known for term in view.terms[1:]]
    assert known == sorted(known, reverse=True)


@pytest.mark.parametrize("language", LANGUAGES)
@given(case=cases())
def test_every_input_has_words(language, case):
    limit = recommend_limit(case, load_policy())
    named = {name for term in limit.terms for name in term.inputs}
    assert {f"input.{name}" for name in named} - set(both_texts()) == set()
    assert all(input_label(name, words(language)) for name in named)


def test_an_input_without_words_keeps_its_own_name():
    assert input_label("moon_phase", FR) == "moon phase"


def test_inputs_are_written_by_their_unit():
    written = {
        name: input_figure(name, value, FR)
        for name, value in {
            "net_worth_eur": 1_000.0,
            "covered_share": 0.9,
            "terms_days": 30.0,
            "expected_days_late": 1.0,
            "pd_12m": 0.004,
            "n_paid_invoices": 4.0,
            "closed": 1.0,
        }.items()
    }
    assert [
        text.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ")
        for text in written.values()
    ] == [
        "1 000 €",
        "90,0 %",
        "30 jours",
        "1 jour",
        "0,40 %",
        "4",
        "oui",
    ]
    assert "closed" in FLAGS


def test_an_override_stands_beside_the_models_own():
    told = in_force(limit_eur=50_000.0, limit_from="override", overrides=(an_override("limit", 50_000.0),))
    view = limit_view(a_document()["limit"], FR, told)
    assert (view.own_eur, view.in_force_eur) == (28_000.0, 50_000.0)
    assert view.set_by is not None
    assert (view.set_by.who, view.set_by.until) == ("dominique", "2027-01-31")


def test_a_limit_that_follows_from_a_grade_names_who_set_the_grade():
    told = in_force(limit_eur=9_000.0, limit_from="override", overrides=(an_override("grade", "C"),))
    view = limit_view(a_document()["limit"], FR, told)
    assert view.set_by is not None
    assert view.in_force_eur == 9_000.0


def test_a_stop_says_that_what_was_set_does_not_apply():
    told = in_force(limit_eur=0.0, limit_from="stop", overrides=(an_override("limit", 50_000.0),))
    view = limit_view(a_document()["limit"], FR, told)
    assert view.stopped
    assert view.set_by is None
    assert view.in_force_eur == view.own_eur
