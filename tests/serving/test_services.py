import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import pytest

from models.errors import NoChampionError, StoreError
from serving.services import Services
from serving.settings import Settings
from serving.store import Store
from tests.serving.fakes import FakeAssessor
from tests.serving.store.builders import a_key


@dataclass
class FakeRegistry:
    """Hands assessors out, and remembers each request; the first ones fail."""

    failures: int = 0
    tries: list[Path | None] = field(default_factory=list)

    def load_assessor(self, policy_path: Path | None) -> FakeAssessor:
        self.tries.append(policy_path)
        if len(self.tries) <= self.failures:
            raise NoChampionError("none yet")
        return FakeAssessor()

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        module = ModuleType("models.assessor")
        module.load_assessor = self.load_assessor  # type: ignore[attr-defined]  # a module of our own
        monkeypatch.setitem(sys.modules, "models.assessor", module)


def test_a_night_with_other_models_makes_them_load_again(store: Store, monkeypatch: pytest.MonkeyPatch):
    registry = FakeRegistry()
    registry.install(monkeypatch)
    services = Services(Settings(_env_file=None), store=store)
    old = services.assessor()
    run = store.begin_run(a_key(default_model="default/3"))
    store.write_partition(run.run_id, 0, [], [])
    assert services.assessor() is old
    store.publish(run.run_id, {})
    assert services.assessor() is not old
    assert services.assessor() is services.assessor()
    assert len(registry.tries) == 2


def test_a_missing_champion_is_looked_for_again(store: Store, monkeypatch: pytest.MonkeyPatch):
    registry = FakeRegistry(failures=1)
    registry.install(monkeypatch)
    services = Services(Settings(_env_file=None, policy_path=Path("p.toml")), store=store)
    with pytest.raises(NoChampionError):
        services.assessor()
    assert services.assessor() is services.assessor()
    assert registry.tries == [Path("p.toml")] * 2


def test_the_store_is_opened_once_and_closed(tmp_path: Path):
    services = Services(Settings(store_url=f"sqlite:///{tmp_path}/x/encours.db"), FakeAssessor())
    assert services.store() is services.store()
    services.close()


def test_a_store_that_was_away_is_opened_later(tmp_path: Path):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    services = Services(Settings(store_url=f"sqlite:///{tmp_path}/file/encours.db"), FakeAssessor())
    with pytest.raises(StoreError):
        services.store()
    (tmp_path / "file").unlink()
    assert services.store().current_run() is None
    services.close()
