"""A database that goes away is told as 503, and answers come again once it is back: both kinds."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest
from httpx2 import Response

from serving.app import create_app
from serving.settings import Settings
from serving.store import open_store
from tests.postgres import HAS_POSTGRES, postgres_server
from tests.serving.fakes import FakeAssessor, TestClient, publish_into

KINDS = ["sqlite", "postgresql"] if HAS_POSTGRES else ["sqlite"]
BODY = {"customer_id": "C1", "amount_eur": 10.0, "terms_days": 30}
ASKED = [
    ("get", "/readyz", None),
    ("get", "/v1/customers", None),
    ("get", "/v1/customers/C1", None),
    ("get", "/v1/overrides", None),
    ("get", "/v1/audit", None),
    ("post", "/v1/assessments", BODY),
    ("post", "/v1/assessments", {"prospect": {"name": "Essai"}}),
    ("post", "/v1/assessments/batch", {"items": [BODY]}),
]


class Database(Protocol):
    """A database that can be taken away and brought back."""

    url: str

    def stop(self) -> None: ...

    def start(self) -> None: ...


@dataclass
class File:
    """An SQLite file: gone, with a folder in its place, until it is put back."""

    path: Path

    @property
    def url(self) -> str:
        return f"sqlite:///{self.path}"

    def stop(self) -> None:
        self.path.rename(self.path.with_suffix(".kept"))
        self.path.mkdir()

    def start(self) -> None:
        self.path.rmdir()
        self.path.with_suffix(".kept").rename(self.path)


@dataclass
class Server:
    """A database of a PostgreSQL server that is really stopped and started."""

    server: Any
    url: str

    def stop(self) -> None:
        self.server.stop()

    def start(self) -> None:
        self.server.start()


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        yield File(tmp_path / "encours.db")
        return
    with postgres_server() as server:
        name = f"test_{uuid.uuid4().hex}"
        server.psql(f"CREATE DATABASE {name};")
        url = str(server.get_uri(name)).replace("postgresql://", "postgresql+psycopg://", 1)
        yield Server(server, url)


def a_client(database: Database) -> TestClient:
    """Return a client of an application that opens its store itself."""
    store = publish_into(open_store(database.url))
    key = store.add_key("erp", "admin")
    store.close()
    settings = Settings(_env_file=None, store_url=database.url, rate_per_minute=0)  # type: ignore[call-arg]
    app = create_app(settings, FakeAssessor())
    return TestClient(app, headers={"X-API-Key": key}, raise_server_exceptions=False)


def take_away(database: Database, client: TestClient) -> None:
    if isinstance(database, File):
        # An open file outlives its name: what is pooled goes with it.
        client.app.state.wiring.store().close()  # type: ignore[attr-defined]  # an application of ours
    database.stop()


def ask_all(client: TestClient) -> list[Response]:
    return [client.request(method, path, json=body) for method, path, body in ASKED]


def all_answered(client: TestClient) -> None:
    assert [answer.status_code for answer in ask_all(client)] == [200] * len(ASKED)


def all_away(client: TestClient, database: Database) -> None:
    for answer in ask_all(client):
        assert answer.status_code == 503, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["type"] == "urn:encours:problem:store-away"
        assert int(answer.headers["Retry-After"]) > 0
        assert database.url not in answer.text
    assert client.get("/healthz").status_code == 200


def test_it_is_told_and_answered_again_without_a_restart(database: Database):
    with a_client(database) as client:
        all_answered(client)
        for _ in range(2):
            take_away(database, client)
            all_away(client, database)
            database.start()
            all_answered(client)
        store = client.app.state.wiring.store()  # type: ignore[attr-defined]  # an application of ours
        # Each round answers one known customer, a prospect and one of a batch, and shows a list and a file.
        assert len(store.audit(500).items) == 3 * 5
        assert store.check_audit().sound


def test_it_may_be_away_when_the_server_starts(database: Database):
    client = a_client(database)
    database.stop()
    with client:
        all_away(client, database)
        database.start()
        all_answered(client)
