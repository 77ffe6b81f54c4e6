from models.explain.reason_words import GROUPS
from serving.web.view_models.probabilities import probability_view
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


def test_reasons_are_told_in_the_persons_language_from_the_average_customer_to_this_one():
    found = a_probability(reasons=reasons(5), base=-1.0, slope=1.0, intercept=0.0, value=0.7)
    view = probability_view(found, words("en")).reasons
    assert view is not None
    assert [row.text for row in view.rows] == [f"e{n}" for n in range(5)]
    assert [row.raises for row in view.rows] == [True] * 5
    assert (view.base, view.result) == ("26.9%", "70.0%")


def test_a_bar_points_to_the_side_of_its_reason_and_the_largest_fills_it():
    up, down = reasons(2)
    view = probability_view(a_probability(reasons=[up, {**down, "contribution": -2.0}]), FR).reasons
    assert view is not None
    assert [(row.raises, row.start + row.width) for row in view.rows if not row.raises] == [(False, 50.0)]
    assert max(row.width for row in view.rows) == 50.0
    assert all(row.start == 50.0 for row in view.rows if row.raises)


def test_without_reasons_there_is_no_list():
    assert probability_view(a_probability(reasons=[]), FR).reasons is None


def test_what_a_probability_rests_on_is_said_where_it_is_not_the_seller_s_own_data():
    assert probability_view(a_probability(), FR).basis == ""
    view = probability_view(a_probability(rests_on="published"), FR)
    assert view.basis == "Repose sur des statistiques publiques, pas encore sur vos propres factures."
    assert view.basis_within.startswith("repose sur")
