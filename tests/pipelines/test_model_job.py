"""A job on models does what the commands do, and says why where it does nothing."""

from contextlib import closing
from pathlib import Path

import pytest

from pipelines.model_job import work
from serving.store import open_store
from serving.usecases.model_changes import ModelJob
from tests.pipelines.fake_models import TARGET, FakeModels, a_period


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeModels:
    monkeypatch.setenv("ENCOURS_STORE_URL", f"sqlite:///{tmp_path}/encours.db")
    made = FakeModels(tmp_path / "models")
    for _ in range(2):
        made.add(*a_period())
    return made


def job(act: str, version: int | None = None, reason: str = "une bonne raison") -> ModelJob:
    return ModelJob(act=act, target=TARGET, version=version, who="anne", reason=reason)  # type: ignore[arg-type]


def test_versions_are_promoted_compared_and_rolled_back(models: FakeModels, tmp_path: Path):
    assert work(job("promote", 1), models).action == "promoted"
    assert work(job("compare"), models).words == "passed"
    assert work(job("promote", 2), models).version == 2
    assert work(job("roll_back"), models).version == 1
    with closing(open_store(f"sqlite:///{tmp_path}/encours.db")) as store:
        assert [one.action for one in store.promotions(TARGET)] == ["promoted", "promoted", "rolled_back"]


def test_what_cannot_be_done_is_told(models: FakeModels):
    assert "nothing to go back to" in work(job("roll_back"), models).error
    assert "has no version 9" in work(job("promote", 9), models).error
