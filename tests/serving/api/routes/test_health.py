from pathlib import Path

import pytest

from models.errors import ModelError, NoChampionError
from serving.api import wiring
from serving.store import Store, open_store
from tests.serving.fakes import FakeAssessor, TestClient, an_app
from tests.serving.store.builders import AS_OF


def no_champion(policy_path: Path | None, store: Store):
    raise NoChampionError("no version carries the alias champion")


def test_health_and_readiness_need_no_key(store: Store, assessor: FakeAssessor):
    client = TestClient(an_app(store, assessor))
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready", "as_of": AS_OF.isoformat(), "run_id": 1}


def test_without_a_published_run_readiness_says_to_run_the_night(tmp_path: Path, assessor: FakeAssessor):
    empty = open_store(f"sqlite:///{tmp_path}/empty.db")
    response = TestClient(an_app(empty, assessor)).get("/readyz")
    assert response.status_code == 503
    assert "`encours nightly`" in response.json()["detail"]
    empty.close()


def test_with_a_champion_whose_files_are_gone_the_server_starts_and_is_not_ready(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    def files_gone(policy_path: Path | None, store: Store):
        raise ModelError("the files of version 3 of late30 are gone")

    monkeypatch.setattr(wiring, "load_champions", files_gone)
    with TestClient(an_app(store)) as client:
        assert client.get("/healthz").status_code == 200
        response = client.get("/readyz")
    assert (response.status_code, response.json()["type"]) == (503, "urn:encours:problem:cannot-assess")
    assert "the server's log has the reason" in response.json()["detail"]


def test_without_a_champion_readiness_says_to_train(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(wiring, "load_champions", no_champion)
    with TestClient(an_app(store)) as client:
        response = client.get("/readyz")
    assert response.status_code == 503
    assert "`encours train late`" in response.json()["detail"]
