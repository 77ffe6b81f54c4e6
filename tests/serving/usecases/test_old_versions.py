from dataclasses import replace
from pathlib import Path

import pytest

from models.errors import ModelError
from models.learning.artifact import FittedModel
from models.learning.registry import Registry
from models.policy.document import load_policy, policy_text
from serving.store import Store, StoredPolicy
from serving.usecases import old_versions
from serving.usecases.assessors import FixedAssessor
from serving.usecases.old_versions import MOST_KEPT, OldVersions
from tests.models.fitted import fitted


def an_old(store: Store, found: dict[str, FittedModel], asked: list[str]) -> OldVersions:
    def find(target: str, model_version: str) -> FittedModel | None:
        asked.append(model_version)
        return found.get(model_version)

    return OldVersions(lambda: store, FixedAssessor(fitted().assessor), find)


def test_a_model_in_charge_is_not_looked_for(store: Store):
    asked: list[str] = []
    versions = an_old(store, {}, asked)
    late, default = fitted().late, fitted().default
    assert versions.model("late30", late.version) is late
    assert versions.model("default12", default.version) is default
    assert asked == []


def test_another_is_looked_for_once_and_a_few_are_kept(store: Store):
    asked: list[str] = []
    found = {f"v{n}": replace(fitted().default, read_as=f"v{n}") for n in range(MOST_KEPT + 1)}
    versions = an_old(store, found, asked)
    for name in [*found, *found]:
        assert versions.model("default12", name) is found[name]
    assert len(asked) < 2 * len(found) + 1
    assert len(versions._kept) == MOST_KEPT
    last = list(found)[-1]
    before = len(asked)
    assert versions.model("default12", last) is found[last]
    assert len(asked) == before


def test_what_is_gone_is_none(store: Store):
    versions = an_old(store, {}, [])
    assert versions.model("default12", "gone") is None
    assert versions.model("default12", None) is None
    assert versions.policy("gone") is None
    assert versions.policy(None) is None


def test_a_policy_is_found_by_its_hash_and_only_where_its_text_has_it(store: Store):
    versions = an_old(store, {}, [])
    assert versions.policy(load_policy().hash) == load_policy()
    store.add_policy(StoredPolicy("another hash", "1", policy_text()))
    store.add_policy(StoredPolicy("no policy", "1", "version = 3"))
    assert versions.policy("another hash") is None
    assert versions.policy("no policy") is None


@pytest.mark.slow
def test_the_registry_finds_a_model_by_its_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    uri = f"sqlite:///{tmp_path}/mlflow.db"
    model = fitted().default
    Registry(uri).record(model, fitted().default_rows.frame, {}, {}, {})
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    found = old_versions.from_registry("default12", model.version)
    assert found is not None
    assert found.version == model.version
    assert old_versions.from_registry("default12", "gone") is None

    def unreadable(*_: object) -> FittedModel:
        raise ModelError("another format")

    monkeypatch.setattr(Registry, "load", unreadable)
    assert old_versions.from_registry("default12", model.version) is None
