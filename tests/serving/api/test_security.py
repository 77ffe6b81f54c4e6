import pytest
from fastapi import Depends, FastAPI

from serving.api.routes.api_route import ApiRoute, api_router
from serving.api.security import require_right
from serving.app import API
from serving.callers import RIGHTS, Caller
from serving.store import ROLES, Role, Store
from tests.serving.fakes import FakeAssessor, TestClient, a_client, an_app, an_app_of_its_own


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


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("sales", {"look_up", "assess", "replay", "cases", "collect"}),
        ("batch", {"look_up", "assess", "assess_many"}),
        ("analyst", set(RIGHTS) - {"administer"}),
        ("admin", set(RIGHTS)),
    ],
)
def test_who_may_what(role: Role, allowed: set[str]):
    assert {right for right in RIGHTS if Caller("x", role, "key").may(right)} == allowed


def test_an_admin_may_all_and_an_analyst_all_that_sales_may():
    for right, roles in RIGHTS.items():
        assert "admin" in roles
        assert "analyst" in roles or "sales" not in roles, right


def test_a_right_is_checked_by_role(store: Store):
    app, router = an_app_of_its_own(store, FakeAssessor()), api_router("only")
    router.get("", dependencies=[Depends(require_right("read_audit"))])(lambda: "ok")
    app.include_router(router, prefix="/v1")
    answers = {role: a_client(app, store, role).get("/v1/only") for role in ROLES}
    codes = {role: answer.status_code for role, answer in answers.items()}
    assert codes == {"sales": 403, "batch": 403, "analyst": 200, "admin": 200}
    assert "role batch; this needs analyst or admin" in answers["batch"].json()["detail"]


def test_every_route_of_the_api_is_of_its_class(app: FastAPI):
    noted = [route for one in API for route in one.router.routes]
    assert len(noted) > 15
    assert all(isinstance(route, ApiRoute) for route in noted)
    assert {path for path in app.openapi()["paths"] if path.startswith("/v1")} == {
        f"/v1{route.path}".replace(":path}", "}") for route in noted
    }


def test_what_a_caller_carries_is_not_shown_where_callers_are_printed():
    assert "secret" not in repr(Caller("anne", "sales", "session", "secret"))
