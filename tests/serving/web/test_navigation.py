import pytest

from serving.callers import Caller
from serving.store import ROLES
from serving.web.navigation import NAVIGATION, RISK_TABS, navigation_of
from serving.web.words import both_texts


def test_nobody_sees_pages_without_signing_in():
    assert navigation_of(None) == ()


@pytest.mark.parametrize("role", ROLES)
def test_a_person_sees_the_pages_that_its_role_may_use(role):
    person = Caller("a", role, "session")
    assert navigation_of(person) == tuple(one for one in NAVIGATION if person.may(one.right))
    assert ("/policy" in {one.address for one in navigation_of(person)}) == person.may("inspect")


def test_every_page_has_a_name_and_an_address_of_its_own():
    assert {f"nav.{one.name}" for one in (*NAVIGATION, *RISK_TABS)} <= set(both_texts())
    assert len({one.address for one in NAVIGATION}) == len(NAVIGATION)
    assert len({one.address for one in RISK_TABS}) == len(RISK_TABS)


def test_a_tab_marks_its_entry_in_the_bar():
    marked = {one.name: one.current("/finance") for one in NAVIGATION}
    assert {name: mark for name, mark in marked.items() if mark} == {"risk": "true"}
    assert next(one for one in NAVIGATION if one.name == "risk").current("/risk") == "page"
