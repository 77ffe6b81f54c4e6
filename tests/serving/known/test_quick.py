"""The short way: who takes it, and that the ordinary way answers everybody else."""

import pytest

from serving.store import Store
from tests.serving.fakes import FakeAssessor, TestClient, a_client, an_app

BODY = b'{"customer_id": "C1", "amount_eur": 5}'


@pytest.fixture
def asked(store: Store, monkeypatch: pytest.MonkeyPatch) -> tuple[TestClient, list[str]]:
    """A client, and whom the desk was asked about."""
    app = an_app(store, FakeAssessor())
    desk, seen = app.state.services.desk, list[str]()
    ask = desk.ask

    def noted(question, caller, tell):
        seen.append(question.customer_id)
        ask(question, caller, tell)

    monkeypatch.setattr(desk, "ask", noted)
    return a_client(app, store), seen


def test_a_known_customer_asked_about_with_a_key_takes_it(asked: tuple[TestClient, list[str]]):
    client, seen = asked
    response = client.post("/v1/assessments", content=BODY, headers={"content-type": "application/json"})
    assert (response.status_code, seen) == (200, ["C1"])


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (BODY, {"content-type": "application/json;charset=utf-8"}, 200),
        (b'{"prospect": {"name": "x"}}', {"content-type": "application/json"}, 200),
        (b'{"customer_id": "C1", "amount_eur": -5}', {"content-type": "application/json"}, 422),
        (b"{", {"content-type": "application/json"}, 422),
        (BODY, {"content-type": "text/plain"}, 422),
        (BODY, {"content-type": "application/json", "x-api-key": "enc_wrong"}, 401),
        (b" " * 5_000 + BODY, {"content-type": "application/json"}, 200),
    ],
)
def test_everything_else_goes_the_ordinary_way(
    asked: tuple[TestClient, list[str]], content: bytes, headers: dict[str, str], status: int
):
    client, seen = asked
    response = client.post("/v1/assessments", content=content, headers=headers)
    assert (response.status_code, seen) == (status, [])


def test_another_method_or_path_goes_the_ordinary_way(asked: tuple[TestClient, list[str]]):
    client, seen = asked
    assert client.get("/v1/assessments", headers={"content-type": "application/json"}).status_code == 405
    assert client.get("/healthz").status_code == 200
    assert seen == []


def test_an_unknown_customer_is_404_on_the_short_way_too(asked: tuple[TestClient, list[str]]):
    client, seen = asked
    response = client.post("/v1/assessments", json={"customer_id": "nobody"})
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert seen == ["nobody"]
