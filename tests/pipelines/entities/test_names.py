import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.entities.names import NameKey, key_of, likeness

NAMES = st.text(max_size=30)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Durand Bâtiment SARL", "BATIMENT DURAND"),
        ("S.A.R.L. Durand", "Ets DURAND (SARL)"),
        ("S A S Maçonnerie Fontan", "Société Maconnerie FONTAN, SAS"),
        ("L'Atelier du Bois", "ATELIER BOIS"),
        ("Trois-Rivières Négoce", "3"),
        ("Galmar & Fils", "GALMAR ET FILS"),
        ("Ros Tel", "ROSTEL"),
    ],
)
def test_form_accents_case_points_and_order_make_no_difference(one: str, other: str):
    expected = "same" if other != "3" else "spelling"
    assert likeness(key_of(one), key_of(other)).kind == expected
    assert (likeness(key_of(one), key_of(other)).score == 100.0) == (expected == "same")


def test_a_slip_of_the_pen_is_nearly_alike_and_another_company_is_not():
    assert likeness(key_of("Menuiserie Quinsau"), key_of("Menuiserie Quinsua")).score > 90
    assert likeness(key_of("Menuiserie Quinsau"), key_of("Menuiserie Belfort")).score < 75


def test_a_name_within_another_may_be_a_branch():
    found = likeness(key_of("Fontan Isolation"), key_of("Fontan Isolation Agence Nord"))
    assert (found.kind, found.score) == ("within", 92.0)
    assert likeness(key_of("Fontan"), key_of("Fontan Isolation Agence Nord")).score < 60


def test_names_with_other_numbers_are_never_alike():
    assert likeness(key_of("Garage 2000"), key_of("Garage 3000")).score == 0.0


def test_another_legal_form_speaks_against_the_same_company():
    found = likeness(key_of("SCI Fontan"), key_of("Fontan SARL"))
    assert (found.score, found.other_form) == (95.0, True)


@pytest.mark.parametrize("name", [None, "", "SARL", " - ", "S.A."])
def test_a_name_of_nothing_but_a_form_is_like_no_other(name: str | None):
    assert key_of(name).words == ()
    assert likeness(key_of(name), key_of(name)).score == 0.0


@given(NAMES, NAMES)
def test_likeness_is_the_same_from_either_side_and_between_0_and_100(one: str, other: str):
    found = likeness(key_of(one), key_of(other))
    assert found == likeness(key_of(other), key_of(one))
    assert 0.0 <= found.score <= 100.0


@given(NAMES)
def test_a_name_is_the_same_as_itself_in_capitals(name: str):
    key = key_of(name)
    assert isinstance(key, NameKey)
    assert not key.words or likeness(key, key).score == 100.0
