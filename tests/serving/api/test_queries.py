import pytest
from fastapi import FastAPI

from serving.store import Store
from tests.serving.fakes import FakeAssessor, a_client, an_app


@pytest.fixture
def app(store: Store, assessor: FakeAssessor) -> FastAPI:
    return an_app(store, assessor)


@pytest.mark.parametrize(
    ("address", "at_fault", "told"),
    [
        ("/v1/audit?customer=C1", ["customer"], "known are: before, customer_id, limit, who"),
        ("/v1/audit?customer_id=C1&customer_id=C2", ["customer_id"], "duplicate parameter"),
        (
            "/v1/customers?q=x&Limit=3&page=2",
            ["Limit", "page"],
            "known are: assigned_to, grade, limit",
        ),
        ("/v1/portfolio?x", ["x"], "known are: none"),
        ("/v1/customers?" + "a" * 300, ["a" * 100 + "…"], "not known"),
    ],
)
def test_what_an_address_must_not_ask_for_is_named(
    app: FastAPI, store: Store, address: str, at_fault: list[str], told: str
):
    response = a_client(app, store, "analyst").get(address)
    assert response.status_code == 422
    found = response.json()
    assert [fault["field"] for fault in found["errors"]] == at_fault
    assert told in found["errors"][0]["message"]
    assert found["detail"].startswith("Correct these parameters of the address: ")


@pytest.mark.parametrize(
    "address",
    [
        "/v1/audit",
        "/v1/audit?customer_id=C1&limit=2&who=anne",
        "/v1/customers?q=&limit=1&offset=0",
        "/v1/audit?",
    ],
)
def test_what_is_known_passes(app: FastAPI, store: Store, address: str):
    assert a_client(app, store, "analyst").get(address).status_code == 200


def test_a_question_by_post_is_checked_too_and_strangers_hear_of_their_key_first(app: FastAPI, store: Store):
    address, body = "/v1/assessments?dry=1", {"customer_id": "C1"}
    client = a_client(app, store)
    assert client.post(address, json=body).status_code == 422
    assert client.post(address, json=body, headers={"X-API-Key": "enc_x"}).status_code == 401


def test_many_at_fault_do_not_make_an_answer_without_end(app: FastAPI, store: Store):
    address = "/v1/customers?" + "&".join(f"a{number}=1" for number in range(500))
    assert len(a_client(app, store).get(address).json()["errors"]) == 20
