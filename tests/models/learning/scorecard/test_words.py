from dataclasses import replace

import numpy as np
import pytest

from models.learning.scorecard.attribute import Attribute, Bin
from models.learning.scorecard.words import COLUMNS, points_table
from tests.models.learning.scorecard.builders import a_card, a_sample

LINE = Bin(10, 5, 0.0, 7)
THREE = Attribute("x", "x", "x", "days", "x", 1, (-2.5, 1_500.0), (), (LINE, LINE, LINE), LINE)


def said(attribute: Attribute) -> list[tuple[str, str]]:
    table = points_table([attribute])
    return list(zip(table["bin_fr"], table["bin_en"], strict=True))


def test_the_table_s_points_add_up_to_the_score():
    card, table = a_card(), a_card().table()
    frame, _ = a_sample(4, 300)
    total = np.zeros(len(frame))
    for attribute in card.attributes:
        points = table.loc[table["feature"] == attribute.name, "points"].to_numpy()
        total += points[attribute.place(frame[attribute.name].to_numpy())]
    assert np.array_equal(total, card.score(frame))


def test_every_row_of_the_fit_stands_once_under_each_feature():
    table = a_card().table()
    assert list(table.columns) == list(COLUMNS)
    assert set(table.groupby("feature")["rows"].sum()) == {6_000}
    assert not table.drop(columns="bad_share").isna().any().any()


def test_bins_are_told_in_both_languages_with_every_digit():
    assert said(THREE) == [
        ("moins de -2,5 jours", "under -2.5 days"),
        ("de -2,5 à moins de 1\u202f500 jours", "-2.5 to under 1,500 days"),
        ("1\u202f500 jours ou plus", "1,500 days or more"),
        ("inconnu", "unknown"),
    ]


@pytest.mark.parametrize(
    ("unit", "bound", "fr", "en"),
    [
        ("share", 0.07, "moins de 7 %", "under 7 %"),
        ("share", 0.02566, "moins de 2,566 %", "under 2.566 %"),
        ("eur", 23_000.5, "moins de 23\u202f000,5 €", "under 23,000.5 €"),
        ("ratio", 0.125, "moins de 0,125", "under 0.125"),
        ("flag", 1.0, "non", "no"),
    ],
)
def test_a_bound_carries_its_unit(unit: str, bound: float, fr: str, en: str):
    attribute = replace(THREE, unit=unit, bounds=(bound,), bins=(LINE, LINE))
    assert said(attribute)[0] == (fr, en)


def test_a_feature_that_tells_only_whether_it_is_known_says_so():
    assert said(replace(THREE, bounds=(), bins=(LINE,))) == [("connu", "known"), ("inconnu", "unknown")]


def test_codes_are_told_by_their_words_where_they_have_some():
    coded = replace(THREE, bounds=(), categories=((6.0, 2.0), (99.0,)), bins=(LINE, LINE), other=LINE)
    named = replace(coded, name="sector_section")
    assert said(named) == [
        ("commerce, industrie manufacturière", "trade, manufacturing"),
        ("99", "99"),
        ("inconnu", "unknown"),
        ("autre", "other"),
    ]
    assert said(coded)[0] == ("6, 2", "6, 2")
