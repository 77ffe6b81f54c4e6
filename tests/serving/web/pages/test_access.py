import re

import pytest
from httpx2 import Response

from serving.store import AuditFilter
from tests.serving.web.visiting import said, visitor, with_people

ROUTES = ("/admin/users", "/admin/keys")


def secret_of(answer: Response) -> str:
    assert answer.status_code == 200
    (found,) = re.findall(r'class="secret">([^<]+)<', answer.text)
    return str(found)


@pytest.mark.parametrize("address", ROUTES)
@pytest.mark.parametrize("role", ["sales", "analyst"])
def test_only_an_administrator_sees_or_changes_who_has_access(address: str, role: str):
    person = visitor(role)
    assert person.get(address).status_code == 403
    assert person.post(address, change="add", name="intruder", role="admin").status_code == 403
    assert "intruder" not in {one.name for one in with_people().store.list_users()}


@pytest.mark.parametrize("address", ROUTES)
def test_a_change_without_its_token_is_refused(address: str):
    answer = visitor("admin").client.post(address, data={"change": "add", "name": "x", "role": "admin"})
    assert answer.status_code == 403


def test_a_new_user_signs_in_with_the_password_that_is_shown_once():
    person, store = visitor("admin"), with_people().store
    made = person.post("/admin/users", change="add", name=" Élodie ", role="sales")
    password = secret_of(made)
    assert store.check_password("Élodie", password) is not None
    assert password not in person.get("/admin/users").text
    assert person.post("/admin/users", change="disable", name="Élodie").status_code == 303
    assert store.check_password("Élodie", password) is None


def test_a_refusal_is_told_in_the_language_of_the_page_and_changes_nothing():
    person = visitor("admin")
    own = person.post("/admin/users", change="disable", name="sacha")
    assert own.status_code == 422
    assert "Nul ne retire ses propres droits" in said(own)
    again = person.post("/admin/users?lang=en", change="add", name="camille", role="sales")
    assert again.status_code == 422
    assert "A user is or was called 'camille'" in said(again)
    assert person.post("/admin/users", change="crown", name="camille").status_code == 422


def test_a_key_is_made_rotated_and_revoked_and_shown_once():
    person, store = visitor("admin"), with_people().store
    first = secret_of(person.post("/admin/keys", change="add", name="erp", role="batch", days="30"))
    second = secret_of(person.post("/admin/keys", change="rotate", name="erp"))
    assert store.find_key(first) is not None
    assert store.find_key(second) is not None
    assert person.post("/admin/keys", change="revoke", name="erp").status_code == 303
    assert store.find_key(first) is None
    assert store.find_key(second) is None
    assert person.post("/admin/keys", change="add", name="x", role="batch", days="soon").status_code == 422


def test_the_log_is_searched_by_everything_that_is_asked():
    person, store = visitor("analyst"), with_people().store
    visitor("admin").post("/admin/keys", change="add", name="searched", role="batch")
    newest = store.audit(1, about=AuditFilter(action="key")).items[0]
    day = newest.at.date().isoformat()
    assert (
        newest.answer_id in person.get("/admin/audit", who="sacha", action="key", since=day, until=day).text
    )
    for wrong in (
        {"who": "nobody"},
        {"action": "decision", "who": "sacha"},
        {"until": "2020-01-01"},
        {"since": "2100-01-01"},
    ):
        assert newest.answer_id not in person.get("/admin/audit", **wrong).text
    assert newest.answer_id in person.get("/admin/audit", answer=newest.answer_id).text
    faulty = person.get("/admin/audit", since="yesterday", answer="zz")
    assert faulty.status_code == 422
    assert "32 chiffres hexadécimaux" in said(faulty)


def test_an_entry_shows_its_question_and_is_computed_again():
    person = visitor("analyst")
    customer = with_people().owing
    person.client.post(
        "/v1/assessments", json={"customer_id": customer}, headers={"X-CSRF-Token": person.csrf_token}
    )
    entry = with_people().store.audit(1, about=AuditFilter(customer, action="assessment")).items[0]
    page = person.get(f"/admin/audit/{entry.answer_id}")
    assert customer in said(page)
    assert (
        "la réponse recalculée est identique"
        in said(person.get(f"/admin/audit/{entry.answer_id}", again="true")).lower()
    )
    assert person.get(f"/admin/audit/{'0' * 32}").status_code == 404


def test_the_log_is_verified():
    text = said(visitor("analyst").post("/admin/audit"))
    assert "Le journal est tel qu'il a été écrit." in text
    assert visitor("sales").post("/admin/audit").status_code == 403
