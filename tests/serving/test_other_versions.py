"""After an update that reads more than the last night stored: what was published is shown, asking refused."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.features.build import STATE_SCHEMA
from serving.store import Store
from tests.models.features.versions import without
from tests.serving.fakes import TestClient
from tests.serving.usecases.test_replay import a_client, published

QUESTION = {"customer_id": "C1", "amount_eur": 5_000.5, "terms_days": 30}
LACKS = ("insured_limit_eur", "turnover")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = published(tmp_path, without(STATE_SCHEMA, *LACKS))
    yield made
    made.close()


@pytest.fixture
def person(store: Store) -> TestClient:
    """Somebody signed in to the pages."""
    client = a_client(store)
    store.add_user("camille", "analyst", "un mot de passe assez long")
    client.headers.update({"Accept": "text/html"})
    del client.headers["X-API-Key"]
    client.cookies.set("encours_session", store.begin_session("camille"))
    return client


@pytest.mark.parametrize("path", ["/v1/assessments", "/v1/decisions"])
def test_a_question_is_refused_with_the_columns_that_lack_and_what_to_run(store: Store, path: str):
    client = a_client(store)
    for _ in range(3):
        answer = client.post(path, json=QUESTION)
        problem = answer.json()
        assert (answer.status_code, problem["type"]) == (503, "urn:encours:problem:other-version")
        assert problem["detail"] == (
            "the published scores are of another version of Encours and lack what the models or the policy "
            "read: insured_limit_eur, turnover; run `encours nightly`, then ask again"
        )
    assert not [entry for entry in store.audit().items if entry.action != "sign-in"]


def test_of_a_batch_prospects_are_answered_all_the_same(store: Store):
    items = [QUESTION, {"prospect": {"name": "Menuiserie Exemple", "naf": "43.32A"}}]
    found = a_client(store).post("/v1/assessments/batch", json={"items": items}).json()
    assert (found["answered"], found["refused"]) == (1, 1)
    assert found["items"][0]["problem"]["type"].endswith("other-version")


def test_what_the_night_published_is_shown(store: Store, person: TestClient):
    assert a_client(store).get("/v1/customers").status_code == 200
    assert person.get("/").status_code == 200


def test_a_person_is_told_in_their_language(person: TestClient):
    page = person.get("/simulator/C1", params={"amount": "5000", "terms": "30"})
    text = " ".join(page.text.split())
    assert page.status_code == 503
    assert "Résultats d&#39;une autre version" in text or "Résultats d'une autre version" in text
    assert "insured_limit_eur, turnover" in text
    assert "lancez `encours nightly`" in text
    english = person.get("/simulator/C1", params={"amount": "5000", "terms": "30", "lang": "en"}).text
    assert "Scores of another version" in english
    assert "The published scores are of another version of Encours" in " ".join(english.split())
