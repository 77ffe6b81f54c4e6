"""Who may what: every operation of the API, by every role, by key and by session; and what needs nobody."""

import pytest
from httpx2 import Response
from starlette.routing import Mount, Route

from serving.api.routes import session
from serving.api.security import CSRF_HEADER, SAFE_METHODS
from serving.app import create_app
from serving.settings import Settings
from serving.web.router import PAGES
from tests.serving.asking import NAMES, Operation, all_operations
from tests.serving.fakes import FakeAssessor, TestClient
from tests.serving.served import served
from tests.serving.web.visiting import visitor

EVERYBODY = frozenset({"sales", "batch", "analyst", "admin"})
REPLAYS, ANALYSTS = EVERYBODY - {"batch"}, frozenset({"analyst", "admin"})
COLLECTORS = REPLAYS
PUBLIC = {"health_healthz", "health_readyz"}
MAY = {
    "assessments_assess": EVERYBODY,
    "assessments_assess_many": EVERYBODY - {"sales"},
    "assessments_look_up": REPLAYS,
    "assessments_replay_answer": REPLAYS,
    "decisions_decide": EVERYBODY,
    "customers_search": EVERYBODY,
    "customers_customer": EVERYBODY,
    "portfolio_portfolio": EVERYBODY,
    "portfolio_history": EVERYBODY,
    "migration_migration": EVERYBODY,
    "cash_cash": EVERYBODY,
    "stress_shipped": EVERYBODY,
    "stress_stress": EVERYBODY,
    "risk_risk": EVERYBODY,
    "provisions_closings": EVERYBODY,
    "provisions_closing": EVERYBODY,
    "alerts_alerts": EVERYBODY,
    "worklist_worklist": EVERYBODY,
    "penalties_penalties": EVERYBODY,
    "registers_look_up": EVERYBODY,
    "overrides_read": EVERYBODY,
    "overrides_add": ANALYSTS,
    "overrides_withdraw": ANALYSTS,
    "worklist_actions": EVERYBODY,
    "worklist_letter": EVERYBODY,
    "worklist_record_action": COLLECTORS,
    "reviews_read": EVERYBODY,
    "reviews_add": ANALYSTS,
    "assignments_read": EVERYBODY,
    "assignments_add": ANALYSTS,
    "cases_read": REPLAYS,
    "cases_get": REPLAYS,
    "cases_send": REPLAYS,
    "cases_answer": REPLAYS,
    "cases_comment": REPLAYS,
    "cases_withdraw": REPLAYS,
    "audit_read": ANALYSTS,
    "models_models": ANALYSTS,
    "policy_policy": ANALYSTS,
}
UNSAFE = [name for name in MAY if "question" in NAMES[name] or name == "overrides_withdraw"]
OPEN_PLACES = {"/docs", "/docs/swagger", "/openapi.json", "/static", "/sign-in"}
"""What else needs nobody: the description of the API, styles, and the form to sign in."""


def operation(name: str) -> Operation:
    return all_operations()[name]


def stranger() -> TestClient:
    return TestClient(served().app, raise_server_exceptions=False, follow_redirects=False)


def test_the_table_has_every_operation():
    assert set(MAY) | PUBLIC == set(NAMES) == set(all_operations())
    unsafe = {one.name for one in all_operations().values() if one.method.upper() not in SAFE_METHODS}
    assert set(UNSAFE) == unsafe


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_whether_it_lives_is_told_to_anybody(name: str):
    assert operation(name).ask(stranger()).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-API-Key": "enc_nobody"},
        {"X-API-Key": ""},
        {"Authorization": "Bearer nobody"},
        {"Authorization": "Basic bm86Ym9keQ=="},
        {"Cookie": "encours_session=nobody"},
    ],
    ids=str,
)
@pytest.mark.parametrize("name", MAY)
def test_nobody_is_answered_without_a_valid_key_or_session(name: str, headers: dict[str, str]):
    answer = operation(name).ask(stranger(), headers=headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json()["type"] == "urn:encours:problem:no-key"


@pytest.mark.parametrize("role", sorted(EVERYBODY))
@pytest.mark.parametrize("name", MAY)
def test_a_role_may_what_the_table_says_and_nothing_else(name: str, role: str):
    asked = operation(name)
    answer = asked.ask(served().client(role))
    assert str(answer.status_code) in asked.described["responses"]
    if role in MAY[name]:
        assert answer.status_code in {200, 404}, answer.text
    else:
        refused(answer, "forbidden")
        assert f"has the role {role}" in answer.json()["detail"]


@pytest.mark.parametrize("role", ["sales", "analyst"])
@pytest.mark.parametrize("name", MAY)
def test_somebody_signed_in_has_the_rights_of_the_role(name: str, role: str):
    person = visitor(role)
    answer = operation(name).ask(person.client, headers={CSRF_HEADER: person.csrf_token})
    assert (answer.status_code == 403) == (role not in MAY[name])
    assert answer.status_code in {200, 403, 404}


@pytest.mark.parametrize("token", [None, "", "another", "\xe9"])
@pytest.mark.parametrize("name", UNSAFE)
def test_what_a_session_does_must_bring_the_sessions_token(name: str, token: str | None):
    asked = operation(name)
    headers = {} if token is None else {CSRF_HEADER: token.encode("latin-1")}
    refused(asked.ask(visitor("analyst").client, headers=headers), "csrf")
    assert "403" in asked.described["responses"]


def refused(answer: Response, kind: str) -> None:
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == f"urn:encours:problem:{kind}"


def test_every_other_address_is_open_on_purpose_or_sends_a_stranger_to_sign_in():
    app = create_app(Settings(_env_file=None), FakeAssessor(), served().store)  # type: ignore[call-arg]
    own = {one.path for one in app.routes if isinstance(one, Route | Mount)}
    assert own <= OPEN_PLACES | set(app.openapi()["paths"])
    routers = [session.router, *(one.router for one in PAGES)]  # type: ignore[attr-defined]
    pages = [one for router in routers for one in router.routes if isinstance(one, Route)]
    assert len(pages) > 15
    for route in pages:
        for method in sorted((route.methods or set()) - {"HEAD"}):
            if route.path in OPEN_PLACES:
                continue
            path = route.path.replace("{customer_id:path}", "C1")
            answer = stranger().request(method, path)
            assert answer.status_code == 303, path
            assert answer.headers["location"].startswith("/sign-in?next="), path
