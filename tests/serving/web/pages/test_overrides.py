import datetime as dt
from collections.abc import Iterator

import pytest

from models.policy.overrides import stopped_by
from tests.serving.web.visiting import a_customer_of, said, visitor, with_people

UNTIL = (dt.datetime.now(dt.UTC).date() + dt.timedelta(days=30)).isoformat()
SOUND = {"kind": "grade", "grade-value": "D", "grade-until": UNTIL, "grade-reason": "litige qui s'enlise"}


@pytest.fixture
def customer_id() -> Iterator[str]:
    """Give a customer whose overrides are taken back when the test ends: the store is shared."""
    found = a_customer_of("C")
    yield found
    store = with_people().store
    for one in store.overrides(found):
        if one.withdrawn_at is None:
            store.withdraw_override(one.override_id, "dominique", "end of the test, taken back")


def test_an_analyst_sets_a_grade_on_the_page_and_it_stands_beside_the_models_own(customer_id):
    person = visitor("analyst")
    answer = person.post(f"/customers/{customer_id}", **SOUND | {"grade-reason": SOUND["grade-reason"] * 2})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/customers/{customer_id}#override")
    text = said(person.get(f"/customers/{customer_id}"))
    assert "Note fixée par dominique" in text
    assert "litige qui s'enlise" in text
    assert "le modèle donnait alors C" in text


def test_a_fault_stands_at_its_field_with_what_was_typed(customer_id):
    answer = visitor("analyst").post(f"/customers/{customer_id}", **SOUND | {"grade-reason": "court"})
    assert answer.status_code == 422
    assert answer.text.count('aria-invalid="true"') == 1
    assert ">court</textarea>" in answer.text
    assert "Au moins 20 caractères" in said(answer)


def test_the_faulty_form_can_be_read_in_the_other_language(customer_id):
    faulty = SOUND | {"grade-reason": "court"}
    answer = visitor("analyst").post(f"/customers/{customer_id}?lang=en", **faulty)
    assert "At least 20 characters" in said(answer)
    assert '<input type="hidden" name="grade-reason" value="court">' in answer.text


def test_sales_sees_an_override_and_has_no_form(customer_id):
    visitor("analyst").post(f"/customers/{customer_id}", **SOUND | {"grade-reason": "un litige qui s'enlise"})
    page = visitor("sales").get(f"/customers/{customer_id}")
    assert "un litige qui s'enlise" in said(page)
    assert 'name="grade-value"' not in page.text
    assert 'name="override_id"' not in page.text


def test_sales_may_not_send_the_form(customer_id):
    answer = visitor("sales").post(f"/customers/{customer_id}", **SOUND)
    assert answer.status_code == 403


def test_a_form_without_the_sessions_token_is_refused(customer_id):
    answer = visitor("analyst").post(f"/customers/{customer_id}", **SOUND | {"csrf_token": "another"})
    assert answer.status_code == 403


def test_an_unknown_customer_has_a_page_that_says_so():
    assert visitor("analyst").post("/customers/nobody", **SOUND).status_code == 404


def test_an_override_is_withdrawn_on_the_page_and_stays_in_its_history(customer_id):
    person = visitor("analyst")
    person.post(f"/customers/{customer_id}", **SOUND | {"grade-reason": "un litige qui s'enlise"})
    made = with_people().store.overrides(customer_id)[-1]
    name = f"withdraw-{made.override_id}-reason"
    gone = {"kind": "withdraw", "override_id": str(made.override_id), name: "le litige est réglé depuis hier"}
    assert person.post(f"/customers/{customer_id}", **gone).status_code == 303
    text = said(person.get(f"/customers/{customer_id}"))
    assert "le litige est réglé depuis hier" in text
    assert "un litige qui s'enlise" in text
    again = person.post(f"/customers/{customer_id}", **gone)
    assert again.status_code == 422
    assert "n'est plus en vigueur" in said(again)


def test_a_customer_who_is_stopped_has_no_form_and_the_page_says_why():
    store = with_people().store
    stopped = next(
        one.customer_id
        for one in store.search("", 1000).items
        if stopped_by(store.customer(one.customer_id).row.assessment)
    )
    page = visitor("analyst").get(f"/customers/{stopped}")
    assert "Aucune dérogation n'est possible" in said(page)
    assert 'name="limit-value"' not in page.text
