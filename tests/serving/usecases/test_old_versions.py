from dataclasses import replace

import numpy as np

from models.learning.artifact import FittedModel
from models.policy.document import load_policy, policy_text
from serving.store import Store, StoredPolicy
from serving.usecases.assessors import FixedAssessor
from serving.usecases.old_versions import MOST_KEPT, OldVersions
from tests.models.fitted import fitted
from tests.serving.promoted import promote


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


def test_a_promoted_model_is_found_in_the_store(store: Store):
    other = replace(fitted().default, calibration=replace(fitted().default.calibration, intercept=0.25))
    promote(store, other)
    found = OldVersions(lambda: store, FixedAssessor(fitted().assessor)).model("default12", other.version)
    assert found is not None
    frame = fitted().default_rows.frame.head(50)
    assert np.array_equal(found.probability(frame), other.probability(frame))
