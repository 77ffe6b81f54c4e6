import pytest
from fastapi import Depends, FastAPI

from serving.api.security import (
    ALSO,
    RIGHTS,
    Caller,
    require_right,
    require_role,
)
from serving.store import ROLES, Role, Store
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


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("sales", {"look_up", "assess", "replay"}),
        ("batch", {"look_up", "assess", "assess_many"}),
        ("analyst", set(RIGHTS)),
        ("admin", set(RIGHTS)),
    ],
)
def test_who_may_what(role: Role, allowed: set[str]):
    assert {right for right in RIGHTS if Caller("x", role, "key").may(right)} == allowed


def test_an_admin_may_all_and_an_analyst_all_that_sales_may():
    assert ALSO["admin"] == set(ROLES)
    for roles in RIGHTS.values():
        assert "admin" in roles
        assert "analyst" in roles or "sales" not in roles


def test_a_right_is_checked_by_role(app: FastAPI, store: Store):
    app.get("/v1/only", dependencies=[Depends(require_right("read_audit"))])(lambda: "ok")
    codes = {role: a_client(app, store, role).get("/v1/only").status_code for role in ROLES}
    assert codes == {"sales": 403, "batch": 403, "analyst": 200, "admin": 200}


def test_an_analysts_key_opens_what_is_for_sales(app: FastAPI, store: Store):
    app.get("/v1/only", dependencies=[Depends(require_role("sales"))])(lambda: "ok")
    codes = {role: a_client(app, store, role).get("/v1/only").status_code for role in ROLES}
    assert codes == {"sales": 200, "batch": 403, "analyst": 200, "admin": 200}


def test_what_a_caller_carries_is_not_shown_where_callers_are_printed():
    assert "secret" not in repr(Caller("anne", "sales", "session", "secret"))
