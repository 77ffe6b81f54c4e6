"""Places are compared by postcode and town, however exports write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.entities import places
from pipelines.entities.places import distance, place_of

PLACES = st.builds(
    place_of,
    st.sampled_from([None, "59000", "59260", "13001"]),
    st.sampled_from([None, "Lille", "Marseille"]),
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Saint-Étienne", "ST ETIENNE"),
        ("Paris", "PARIS 08"),
        ("Lille", "LILLE CEDEX 9"),
        ("Le Havre", "HAVRE (LE)"),
        ("L\u2019Haÿ-les-Roses", "l'hay les roses"),
    ],
)
def test_a_town_is_itself_however_it_is_written(one: str, other: str):
    assert distance(place_of(None, one), place_of(None, other)) == "same"


def test_a_town_of_several_postcodes_is_one_place():
    assert distance(place_of("75008", "Paris"), place_of("75380", "Paris Cedex 08")) == "same"


def test_a_nought_that_a_spreadsheet_took_makes_no_other_place():
    assert distance(place_of("1000", None), place_of("01000", None)) == "same"
    assert distance(place_of("1000", None), place_of("1050", None)) == "near"


@given(PLACES, PLACES)
def test_both_ways_are_as_far_and_oneself_is_near(one: places.Place, other: places.Place):
    assert distance(one, other) == distance(other, one)
    assert distance(one, one) == ("same" if one.postcode or one.town else "unknown")
