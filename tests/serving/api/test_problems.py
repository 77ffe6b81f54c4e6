from typing import Never

import pytest

from models.errors import CreditError, LedgerError, ModelError, NoChampionError, PolicyError, StoreError
from serving.api.problems import SCHEMA, from_error
from serving.store import Store
from tests.serving.fakes import FakeAssessor, TestClient, a_client, an_app


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (NoChampionError("x"), 503, "`encours train late`, `encours train default` and `encours promote`"),
        (StoreError("sqlite:///secret/place.db"), 503, "ENCOURS_STORE_URL"),
        (PolicyError("x"), 503, "log"),
        (ModelError("x"), 503, "log"),
        (LedgerError("x"), 500, "log"),
        (CreditError("x"), 500, "log"),
    ],
)
def test_an_error_of_ours_says_what_to_do_and_hides_what_is_ours(error: CreditError, status: int, words: str):
    problem = from_error(error)
    assert problem.status == status
    assert words in problem.detail
    assert "secret" not in problem.detail


def test_a_plain_http_error_is_a_problem_too(client: TestClient):
    response = client.get("/nowhere/é")
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "This path does not exist; /docs lists the paths.",
        "instance": "/nowhere/%C3%A9",
    }
    assert set(SCHEMA["required"]) <= set(response.json())


def test_an_unforeseen_error_is_a_problem_without_its_text(store: Store):
    class Broken(FakeAssessor):
        def assess(self, state: object, request: object) -> Never:
            raise RuntimeError("the inside")

    response = a_client(an_app(store, Broken()), store).post("/v1/assessments", json={"customer_id": "C1"})
    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert "inside" not in response.text


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"",
        b"[]",
        b'{"\\ud800": 1}',
        b'{"customer_id": "\\ud800"}',
        b'{"customer_id": "a\\u0000"}',
    ],
)
def test_a_body_that_makes_no_sense_is_a_problem_that_names_a_field(client: TestClient, body: bytes):
    response = client.post("/v1/assessments", content=body, headers={"content-type": "application/json"})
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"]


def test_a_body_that_is_no_text_or_nested_without_end_is_a_problem(client: TestClient):
    for body in (b"\xff", b"[" * 100_000):
        response = client.post("/v1/assessments", content=body, headers={"content-type": "application/json"})
        assert response.status_code == 400
        assert response.headers["content-type"] == "application/problem+json"
