from collections.abc import Iterator
from pathlib import Path

import pytest

from serving.store import Store
from tests.serving.fakes import FakeAssessor, TestClient, a_client, a_published_store, an_app


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = a_published_store(tmp_path)
    yield made
    made.close()


@pytest.fixture
def assessor() -> FakeAssessor:
    return FakeAssessor()


@pytest.fixture
def client(store: Store, assessor: FakeAssessor) -> Iterator[TestClient]:
    with a_client(an_app(store, assessor), store) as made:
        yield made
