import pytest
from fastapi import Depends, FastAPI

from serving.security import require_role
from serving.store import Store
from tests.serving.fakes import FakeAssessor, TestClient, a_client, an_app


@pytest.fixture
def app(store: Store, assessor: FakeAssessor) -> FastAPI:
    return an_app(store, assessor)


def test_every_route_of_the_api_needs_a_key(app: FastAPI):
    found = [(method.upper(), path) for path, item in app.openapi()["paths"].items() for method in item]
    guarded = [(method, path) for method, path in found if path.startswith("/v1")]
    assert len(guarded) >= 3
    for method, path in guarded:
        response = TestClient(app).request(method, path.replace("{customer_id}", "C1"), json={})
        assert response.status_code == 401, path
        assert response.headers["www-authenticate"] == "Bearer"
        assert response.headers["content-type"] == "application/problem+json"


def test_an_unknown_or_revoked_key_opens_nothing(app: FastAPI, store: Store):
    key = store.add_key("gone", "sales")
    store.revoke_key("gone")
    for wrong in (key, "enc_unknown", "é"):
        response = TestClient(app).get("/v1/customers", headers={"X-API-Key": wrong.encode()})
        assert response.status_code == 401
        assert response.json()["type"] == "urn:encours:problem:no-key"


def test_a_key_may_come_as_a_bearer_token(app: FastAPI, store: Store):
    key = store.add_key("bearer", "sales")
    response = TestClient(app).get("/v1/customers", headers={"Authorization": f"Bearer {key}"})
    assert response.status_code == 200


def test_a_role_that_may_not_gets_403(app: FastAPI, store: Store):
    app.get("/v1/only", dependencies=[Depends(require_role("analyst"))])(lambda: "ok")
    assert a_client(app, store, "analyst").get("/v1/only").status_code == 200
    response = a_client(app, store, "sales").get("/v1/only")
    assert response.status_code == 403
    assert "role sales; this needs analyst" in response.json()["detail"]
