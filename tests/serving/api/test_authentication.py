"""Who is trusted and for how long, and how much anybody may ask."""

import asyncio
from collections.abc import Callable

import pytest
from fastapi import FastAPI

from models.errors import StoreError
from serving.api.authentication import RENEWED_S, STRANGERS_AT_ONCE, TRUSTED_S, Authenticator
from serving.api.problems import Problem
from serving.api.security import COOKIE
from serving.store import Store
from tests.serving.fakes import FakeAssessor, TestClient, a_client, an_app


@pytest.fixture
def app(store: Store, assessor: FakeAssessor) -> FastAPI:
    return an_app(store, assessor)


def test_a_key_is_trusted_for_a_moment_and_a_revocation_takes_effect_after_it(app: FastAPI, store: Store):
    seconds = [0.0]
    guard = Authenticator(app.state.wiring.store, 6_000, lambda: seconds[0])
    app.state.wiring.authenticator = guard
    client = a_client(app, store)
    assert client.get("/v1/customers").status_code == 200
    store.revoke_key("test sales")
    seconds[0] = TRUSTED_S * 0.9
    assert client.get("/v1/customers").status_code == 200
    seconds[0] = TRUSTED_S * 1.1
    assert client.get("/v1/customers").status_code == 401


def test_each_of_several_machines_allows_its_share(store: Store):
    alone, one = (Authenticator(lambda: store, 600, lambda: 0.0, machines=number) for number in (1, 4))
    assert [sum(guard.limits.take("a") == 0 for _ in range(200)) for guard in (alone, one)] == [100, 25]


def test_a_key_in_use_is_looked_up_anew_before_its_trust_ends(
    app: FastAPI, store: Store, monkeypatch: pytest.MonkeyPatch
):
    looked_up, seconds = a_guarded_app(app, monkeypatch), [0.0]
    guard = Authenticator(app.state.wiring.store, 6_000, lambda: seconds[0])
    key = store.add_key("busy", "sales")

    async def asked() -> list[bool]:
        found = []
        for tenth in range(100):
            if tenth == 80:
                store.revoke_key("busy")
            seconds[0] = tenth / 10
            found.append(await is_trusted(guard, key))
            await asyncio.sleep(0.01)
        return found

    trusted = asyncio.run(asked())
    assert trusted[:80] == [True] * 80
    ends = trusted.index(False) / 10
    assert 8.0 <= ends <= 8.0 + TRUSTED_S
    assert not any(trusted[round(ends * 10) :])
    # At the beginning, and then every time that its trust comes to its end; each time while it is nobody's.
    assert len(looked_up) <= 2 + ends / (TRUSTED_S - RENEWED_S) + trusted.count(False)


def test_a_key_is_trusted_to_the_end_of_the_moment_while_the_store_is_away(
    app: FastAPI, store: Store, monkeypatch: pytest.MonkeyPatch
):
    seconds, key = [0.0], store.add_key("busy", "sales")
    guard = Authenticator(app.state.wiring.store, 6_000, lambda: seconds[0])

    def away(_secret: str) -> None:
        raise StoreError("the store is away")

    async def asked(at: float) -> bool:
        seconds[0] = at
        found = await is_trusted(guard, key)
        await asyncio.sleep(0.05)
        return found

    async def all_asked() -> list[bool]:
        await guard.of_key(key, "here")
        monkeypatch.setattr(store, "find_key", away)
        return [await asked(TRUSTED_S - 0.5), await asked(TRUSTED_S - 0.4), await asked(TRUSTED_S)]

    assert asyncio.run(all_asked()) == [True, True, False]


async def is_trusted(guard: Authenticator, key: str) -> bool:
    try:
        await guard.of_key(key, "here")
    except (Problem, StoreError):
        return False
    return True


def test_one_caller_who_asks_too_much_is_told_when_to_ask_again_and_others_go_on(app: FastAPI, store: Store):
    app.state.wiring.authenticator = Authenticator(app.state.wiring.store, 6, lambda: 0.0)
    hasty, patient = a_client(app, store, "sales"), a_client(app, store, "analyst")
    assert [hasty.get("/v1/customers").status_code for _ in range(2)] == [200, 429]
    response = hasty.get("/v1/customers")
    assert response.json()["type"] == "urn:encours:problem:too-many-requests"
    assert response.headers["retry-after"] == "11"
    assert patient.get("/v1/customers").status_code == 200


def a_guarded_app(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Put a guard whose clock stands in an application's place, and note what the store is asked."""
    app.state.wiring.authenticator = Authenticator(app.state.wiring.store, 6_000, lambda: 0.0)
    store, looked_up = app.state.wiring.store(), list[str]()
    for name in ("find_key", "find_session"):
        monkeypatch.setattr(store, name, noting(getattr(store, name), looked_up))
    return looked_up


def noting(find: Callable[[str], object], looked_up: list[str]) -> Callable[[str], object]:
    def noted(secret: str) -> object:
        looked_up.append(secret)
        return find(secret)

    return noted


def test_an_address_with_too_many_keys_of_nobody_is_refused_without_asking_the_store(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
):
    looked_up = a_guarded_app(app, monkeypatch)
    stranger = TestClient(app, client=("198.51.100.7", 1))
    most = int(STRANGERS_AT_ONCE)
    codes = [
        stranger.get("/v1/customers", headers={"X-API-Key": f"enc_{number}"}).status_code
        for number in range(most + 5)
    ]
    assert codes == [401] * most + [429] * 5
    assert len(looked_up) == most
    answer = stranger.get("/v1/customers", headers={"X-API-Key": "enc_more"})
    assert answer.json()["type"] == "urn:encours:problem:too-many-requests"
    assert answer.headers["retry-after"] == "3"
    elsewhere = TestClient(app, client=("198.51.100.8", 1))
    assert elsewhere.get("/v1/customers", headers={"X-API-Key": "enc_more"}).status_code == 401


def test_a_key_known_before_and_a_key_that_is_somebodys_are_not_counted(
    app: FastAPI, store: Store, monkeypatch: pytest.MonkeyPatch
):
    a_guarded_app(app, monkeypatch)
    known = store.add_key("known", "sales")
    client = TestClient(app)
    for number in range(3 * int(STRANGERS_AT_ONCE)):
        key = known if number % 2 else store.add_key(f"key {number}", "sales")
        assert client.get("/v1/customers", headers={"X-API-Key": key}).status_code == 200
    codes = {client.get("/v1/customers", headers={"X-API-Key": f"enc_{n}"}).status_code for n in range(40)}
    assert codes == {401, 429}
    assert client.get("/v1/customers", headers={"X-API-Key": known}).status_code == 200


def test_sessions_of_nobody_count_as_keys_do(app: FastAPI, monkeypatch: pytest.MonkeyPatch):
    looked_up = a_guarded_app(app, monkeypatch)
    codes = [
        TestClient(app, cookies={COOKIE: f"token{number}"}).get("/v1/customers").status_code
        for number in range(int(STRANGERS_AT_ONCE) + 1)
    ]
    assert codes[-2:] == [401, 429]
    assert len(looked_up) == STRANGERS_AT_ONCE


def test_assessments_ask_the_store_no_more_often_either(app: FastAPI, monkeypatch: pytest.MonkeyPatch):
    looked_up = a_guarded_app(app, monkeypatch)
    client = TestClient(app)
    for number in range(200):
        client.post("/v1/assessments", json={"customer_id": "C1"}, headers={"X-API-Key": f"enc_{number}"})
    assert len(looked_up) <= STRANGERS_AT_ONCE
