import pytest

from models.explain.reason_words import GROUPS
from serving.web.view_models.probabilities import MOST_SENTENCES, probability_view
from serving.web.words import words
from tests.serving.web.view_models.builders import a_document

FR = words("fr")


def a_probability(**changes: object):
    return a_document()["p_late30"] | changes


def reasons(count):
    return [
        {
            "group": group,
            "contribution": 0.55 - place / 10,
            "sentence_fr": f"f{place}",
            "sentence_en": f"e{place}",
        }
        for place, group in enumerate(list(GROUPS)[:count])
    ]


def test_a_probability_comes_with_its_interval_and_how_sure_it_is():
    view = probability_view(a_probability(), FR)
    assert (view.value, view.low, view.high) == (1 / 3, 0.3, 0.4)
    assert view.sure == "Confiance moyenne"
    assert view.title == "Retard de plus de 30 jours"


def test_reasons_are_told_in_the_persons_language_with_their_direction():
    found = a_probability(reasons=reasons(8))
    assert [one.text for one in probability_view(found, words("en")).sentences] == [
        f"e{n}" for n in range(MOST_SENTENCES)
    ]
    assert [one.raises for one in probability_view(found, FR).sentences] == [True] * 6


def test_the_way_ends_at_the_probability_that_is_shown():
    found = a_probability(base=-1.0, margin=-1.0 + 0.3, slope=1.0, intercept=0.0)
    view = probability_view(found, FR)
    assert view.way is not None
    assert view.way.rows[0][2] == FR.share(0.26894)
    assert view.way.rows[-1][2] == FR.share(0.33181)


@pytest.mark.parametrize("margin", [-2_000.0, 2_000.0])
def test_extreme_margins_are_drawn_too(margin):
    extreme = [{"group": "lateness", "contribution": margin, "sentence_fr": "f", "sentence_en": "e"}]
    view = probability_view(a_probability(reasons=extreme), FR)
    assert view.way is not None
    assert view.way.rows[-1][2] in {FR.share(1e-300), FR.share(1.0)}


def test_a_group_that_is_not_known_yet_keeps_its_name():
    unknown = [{"group": "weather", "contribution": 0.1, "sentence_fr": "f", "sentence_en": "e"}]
    view = probability_view(a_probability(reasons=unknown), FR)
    assert view.way is not None
    assert view.way.rows[1][0] == "weather"


def test_without_reasons_there_is_no_picture():
    assert probability_view(a_probability(reasons=[]), FR).way is None


def test_a_reason_that_adds_nothing_is_not_put_into_words():
    one, two, three = reasons(3)
    found = a_probability(reasons=[one, {**two, "contribution": 0.001}, {**three, "contribution": 0.0}])
    assert [told.text for told in probability_view(found, FR).sentences] == ["f0"]


def test_what_a_probability_rests_on_is_said_where_it_is_not_the_seller_s_own_data():
    assert probability_view(a_probability(), FR).basis == ""
    view = probability_view(a_probability(rests_on="published"), FR)
    assert view.basis == "Repose sur des statistiques publiques, pas encore sur vos propres factures."
    assert view.basis_within.startswith("repose sur")
