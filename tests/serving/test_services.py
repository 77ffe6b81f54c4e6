import sys
from pathlib import Path
from types import ModuleType

import pytest

from models.errors import NoChampionError, StoreError
from serving.services import Services
from serving.settings import Settings
from serving.store import Store
from tests.serving.fakes import FakeAssessor


def test_a_missing_champion_is_looked_for_again(store: Store, monkeypatch: pytest.MonkeyPatch):
    tries: list[Path | None] = []

    def load_assessor(policy_path: Path | None) -> FakeAssessor:
        tries.append(policy_path)
        if len(tries) == 1:
            raise NoChampionError("none yet")
        return FakeAssessor()

    registry = ModuleType("models.registry")
    registry.load_assessor = load_assessor  # type: ignore[attr-defined]  # a module of our own
    monkeypatch.setitem(sys.modules, "models.registry", registry)
    services = Services(Settings(_env_file=None, policy_path=Path("p.toml")), store=store)
    with pytest.raises(NoChampionError):
        services.assessor()
    assert services.assessor() is services.assessor()
    assert tries == [Path("p.toml")] * 2


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
