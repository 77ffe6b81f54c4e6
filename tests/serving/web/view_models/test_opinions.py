import datetime as dt

import pytest

from serving.store.dossiers import Dossier, OutsideScore
from serving.web.view_models.opinions import opinions_view
from serving.web.words import words
from tests.typography import faults

DAY = dt.date(2026, 5, 2)
SCORES = (
    OutsideScore("creditsafe", "71", DAY, "export.csv"),
    OutsideScore("banque_de_france", "G3+", dt.date(2026, 1, 9)),
    OutsideScore("allianz", "3", dt.date(2025, 12, 1)),
)


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("fr", ["Creditsafe : 71", "Cote de crédit Banque de France : G3+", "Note Allianz Trade : 3"]),
        ("en", ["Creditsafe: 71", "Banque de France credit grade: G3+", "Allianz Trade grade: 3"]),
    ],
)
def test_each_is_told_with_its_scale_and_its_day_in_the_order_given(lang: str, said: list[str]):
    w = words(lang)
    found = opinions_view(Dossier(outside=SCORES), w)
    assert [" ".join(one.what.split()) for one in found] == said
    assert [one.day for one in found] == [w.day(one.scored_on) for one in SCORES]
    assert [fault for one in found for fault in faults(one.what, lang) + faults(one.details, lang)] == []


def test_which_end_is_the_good_one_is_said():
    low, high = (opinions_view(Dossier(outside=(one,)), words("fr"))[0].details for one in SCORES[::-2])
    assert low == "de 10 (le pire) à 1 (le meilleur)"
    assert " ".join(high.split()) == "de 0 (le pire) à 100 (le meilleur) · source : export.csv"


def test_a_company_that_is_not_rated_has_no_place_on_the_scale():
    (line,) = opinions_view(Dossier(outside=(OutsideScore("banque_de_france", "0", DAY),)), words("fr"))
    assert line.details == "non cotée"


def test_nobody_said_anything():
    assert opinions_view(Dossier(), words("fr")) == ()
