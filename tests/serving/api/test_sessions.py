import contextlib
from pathlib import Path
from typing import Self

import pytest
from fastapi import FastAPI
from starlette.responses import PlainTextResponse

from serving.api.middleware.rate_limits import TokenBuckets
from serving.api.middleware.time_table import TimeTable
from serving.api.problems import Problem
from serving.api.sessions import (
    TRIES_AT_ONCE,
    PageCaller,
    SignIn,
    local_path,
)
from serving.store import Store
from tests.serving.fakes import FakeAssessor, TestClient, an_app_of_its_own

PASSWORD = "correct horse battery"


def with_pages(store: Store) -> FastAPI:
    app = an_app_of_its_own(store, FakeAssessor())

    @app.get("/page")
    def page(caller: PageCaller) -> PlainTextResponse:
        return PlainTextResponse(f"{caller.name} {caller.role} {caller.csrf_token}")

    @app.post("/page")
    def change(caller: PageCaller) -> PlainTextResponse:
        return PlainTextResponse("changed")

    return app


@pytest.fixture
def browser(store: Store) -> TestClient:
    store.add_user("anne", "analyst", PASSWORD)
    return TestClient(with_pages(store), follow_redirects=False, raise_server_exceptions=False)


def sign_in(browser: TestClient, name: str = "anne", password: str = PASSWORD, **fields: str):
    browser.get("/sign-in")
    token = browser.cookies["encours_form"]
    return browser.post("/sign-in", data={"name": name, "password": password, "csrf_token": token} | fields)


def test_a_page_sends_a_stranger_to_sign_in_and_back(browser: TestClient):
    response = browser.get("/page?lang=en")
    assert (response.status_code, response.headers["location"]) == (303, "/sign-in?next=/page%3Flang%3Den")
    response = sign_in(browser, next="/page?lang=en")
    assert (response.status_code, response.headers["location"]) == (303, "/page?lang=en")
    assert browser.get("/page").text.startswith("anne analyst ")


def test_a_part_of_a_page_sends_the_whole_page_to_sign_in(browser: TestClient):
    response = browser.get("/page", headers={"HX-Request": "true"})
    assert (response.status_code, response.headers["hx-redirect"]) == (401, "/sign-in?next=/page")


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(browser: TestClient):
    cookie = sign_in(browser).headers.get_list("set-cookie")[0]
    assert cookie.startswith("encours_session=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie


def test_over_https_the_cookie_never_travels_in_the_clear(store: Store):
    store.add_user("anne", "analyst", PASSWORD)
    browser = TestClient(with_pages(store), base_url="https://testserver", follow_redirects=False)
    cookies = sign_in(browser).headers.get_list("set-cookie")
    assert "Secure" in cookies[0]


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(browser: TestClient, store: Store):
    answers = [sign_in(browser, name, "not the password") for name in ("anne", "nobody")]
    assert {(a.status_code, a.headers["location"], "set-cookie" in a.headers) for a in answers} == {
        (303, "/sign-in?failed=1&next=%2F", False)
    }
    assert [(e.who, e.role, e.answer) for e in store.audit().items] == [
        ("nobody", "none", {"signed_in": False}),
        ("anne", "none", {"signed_in": False}),
    ]


def test_every_sign_in_and_out_is_in_the_log_without_the_password(browser: TestClient, store: Store):
    sign_in(browser)
    csrf = browser.get("/page").text.split()[-1]
    browser.post("/sign-out", data={"csrf_token": csrf})
    found = store.audit().items
    assert [(e.action, e.who, e.role, e.via) for e in found] == [
        ("sign-out", "anne", "analyst", "session"),
        ("sign-in", "anne", "analyst", "session"),
    ]
    assert PASSWORD not in str(found)


def test_signing_out_ends_the_session_for_whoever_kept_its_cookie(browser: TestClient):
    sign_in(browser)
    kept = browser.cookies["encours_session"]
    csrf = browser.get("/page").text.split()[-1]
    assert browser.post("/sign-out", data={"csrf_token": csrf}).headers["location"] == "/sign-in"
    browser.cookies.set("encours_session", kept)
    assert browser.get("/page").status_code == 303


def test_signing_in_again_begins_another_session_and_ends_the_first(browser: TestClient):
    sign_in(browser)
    first = browser.cookies["encours_session"]
    sign_in(browser)
    second = browser.cookies["encours_session"]
    assert first != second
    browser.cookies.delete("encours_session")
    assert browser.get("/page", headers={"Cookie": f"encours_session={first}"}).status_code == 303
    assert browser.get("/page", headers={"Cookie": f"encours_session={second}"}).status_code == 200


def test_a_session_that_somebody_planted_is_not_taken_over(browser: TestClient):
    browser.cookies.set("encours_session", "planted")
    response = sign_in(browser)
    assert "encours_session=planted" not in str(response.headers.get_list("set-cookie"))


def test_a_change_needs_the_token_of_the_session_in_a_field_or_a_header(browser: TestClient):
    sign_in(browser)
    csrf = browser.get("/page").text.split()[-1]
    assert browser.post("/page", data={"csrf_token": csrf}).text == "changed"
    assert browser.post("/page", headers={"X-CSRF-Token": csrf}).text == "changed"
    for sent in ({}, {"data": {"csrf_token": "x"}}, {"headers": {"X-CSRF-Token": csrf[:-1]}}):
        response = browser.post("/page", **sent)
        assert (response.status_code, response.json()["type"]) == (403, "urn:encours:problem:csrf")


def test_the_form_needs_the_token_that_the_browser_has(browser: TestClient):
    data = {"name": "anne", "password": PASSWORD}
    assert browser.post("/sign-in", data=data).status_code == 403
    assert browser.post("/sign-in", data=data | {"csrf_token": ""}).status_code == 403
    browser.get("/sign-in")
    assert browser.post("/sign-in", data=data | {"csrf_token": "another"}).status_code == 403


def guesses(app: FastAPI, address: str, names: list[str], password: str = "not the password"):
    browser = TestClient(app, client=(address, 1), follow_redirects=False)
    return [sign_in(browser, name, password) for name in names]


@pytest.fixture
def few_tries(store: Store) -> FastAPI:
    """An application where an address may try 3 times and 4 tries go to a name."""
    app = with_pages(store)
    store.add_user("anne", "analyst", PASSWORD)
    app.state.wiring.sign_in = SignIn(
        app.state.wiring.store, TokenBuckets(2, 3, lambda: 0.0), TokenBuckets(2, 4, lambda: 0.0)
    )
    return app


def test_guessing_is_slowed_down_by_name_and_by_address(few_tries: FastAPI):
    for address, names in (("10.0.0.1", ["anne"] * 4), ("10.0.0.2", ["a", "b", "c", "d"])):
        found = [response.status_code for response in guesses(few_tries, address, names)]
        assert found == [303, 303, 303, 429]
    found = guesses(few_tries, "10.0.0.3", ["anne"] * 2)
    assert [response.status_code for response in found] == [303, 429]
    assert int(found[1].headers["retry-after"]) > 0


def test_an_address_that_is_refused_takes_nothing_from_a_name(few_tries: FastAPI):
    refused = guesses(few_tries, "10.0.0.1", ["anne"] * 30)
    assert [response.status_code for response in refused[3:]] == [429] * 27
    (response,) = guesses(few_tries, "10.0.0.2", ["anne"], PASSWORD)
    assert (response.status_code, response.headers["location"]) == (303, "/")


def test_guessing_at_a_name_does_not_lock_out_who_signed_in_from_there_before(few_tries: FastAPI):
    guesses(few_tries, "10.0.0.9", ["anne"], PASSWORD)
    for address in ("10.0.0.1", "10.0.0.2", "10.0.0.3"):
        found = guesses(few_tries, address, ["anne"] * 3)
    assert found[-1].status_code == 429
    (response,) = guesses(few_tries, "10.0.0.9", ["anne "], PASSWORD)
    assert (response.status_code, response.headers["location"]) == (303, "/")


class Nobody:
    """A store that knows nobody, and says so at once."""

    tried = 0

    def store(self) -> Self:
        return self

    def check_password(self, name: str, password: str) -> None:
        self.tried += 1


class Somebody(Nobody):
    """A store that knows everybody."""

    def check_password(self, name: str, password: str) -> str:  # type: ignore[override]  # any user will do
        self.tried += 1
        return name


def test_one_address_alone_cannot_use_up_what_may_be_tried_for_a_name():
    now, nobody = [0.0], Nobody()
    door = SignIn.of(nobody.store, lambda: now[0])  # type: ignore[arg-type]  # a store of our own
    for _ in range(60):
        for _ in range(5):
            with contextlib.suppress(Problem):
                door.let_in("anne", "guess", "10.0.0.1")
        now[0] += 60
    assert nobody.tried == 10 + 2 * 59
    door.let_in("anne", "guess", "10.0.0.2")


def test_processes_count_together_what_is_tried_and_know_the_same_regulars(tmp_path: Path):
    nobody, somebody, now = Nobody(), Somebody(), [0.0]
    doors = [
        SignIn.of(known.store, lambda: now[0], TimeTable(tmp_path / "limits"))  # type: ignore[attr-defined]
        for known in (somebody, nobody)
    ]
    doors[0].let_in("anne", "a password", "10.0.0.9")
    for number in range(200):
        with contextlib.suppress(Problem):
            doors[number % 2].let_in("anne", "guess", f"10.0.1.{number}")
    assert nobody.tried + somebody.tried == 1 + 30 - 1
    doors[1].let_in("anne", "a password", "10.0.0.9")


def test_a_typing_error_or_two_are_no_guessing():
    assert TRIES_AT_ONCE >= 5


@pytest.mark.parametrize(
    "target",
    ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere", "", "x", "/a\r\nSet-Cookie: b"],
)
def test_nobody_is_sent_elsewhere_after_signing_in(target: str):
    assert local_path(target) == "/"


def test_the_api_answers_a_session_too_and_asks_for_its_token(browser: TestClient):
    assert browser.get("/v1/customers").status_code == 401
    sign_in(browser)
    assert browser.get("/v1/customers").status_code == 200
    csrf = browser.get("/page").text.split()[-1]
    ask = {"json": {"customer_id": "C1"}}
    assert browser.post("/v1/assessments", **ask).status_code == 403
    assert browser.post("/v1/assessments", headers={"X-CSRF-Token": csrf}, **ask).status_code == 200


def test_a_disabled_user_is_out_once_trust_has_run_out(browser: TestClient, store: Store):
    sign_in(browser)
    assert browser.get("/page").status_code == 200
    store.disable_user("anne")
    guard = browser.app.state.wiring.authenticator  # type: ignore[attr-defined]  # an application of ours
    later = guard._clock() + 60
    guard._clock = lambda: later
    assert browser.get("/page").status_code == 303
