import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from serving.store import Store, open_store
from tests.postgres import HAS_POSTGRES, postgres_server
from tests.serving.store.builders import NOW, Clock

KINDS = ["sqlite", *([pytest.param("postgresql", marks=pytest.mark.slow)] if HAS_POSTGRES else [])]
"""Each test of the store runs on SQLite in the suite, and on PostgreSQL with the slow ones."""


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:  # a server of an optional package
    """A PostgreSQL server, where the optional packages that bring one are installed."""
    with postgres_server() as server:
        yield server


@pytest.fixture(params=KINDS)
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/encours.db"
    server = request.getfixturevalue("postgres")
    name = f"test_{uuid.uuid4().hex}"
    server.psql(f"CREATE DATABASE {name};")
    return str(server.get_uri(name)).replace("postgresql://", "postgresql+psycopg://", 1)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = open_store(store_url, clock=lambda: NOW)
    yield opened
    opened.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def timed(store_url: str, clock: Clock) -> Iterator[Store]:
    """A store whose clock the test moves."""
    opened = open_store(store_url, clock)
    yield opened
    opened.close()
