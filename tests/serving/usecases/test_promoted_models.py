"""Models answer from the store; what only the registry knows is copied to it once."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from models.errors import ModelError, NoChampionError
from models.learning.artifact import FittedModel, files_of
from models.learning.registry import CHAMPION, Version
from serving.store import PromotionEntry, Store, StoredModel
from serving.usecases import promoted_models
from serving.usecases.assessors import load_champions
from serving.usecases.promoted_models import COPIED, champion, copy_from_registry, find_model
from tests.models.fitted import fitted
from tests.serving.promoted import promote, promote_fitted, stored


@dataclass
class FakeRegistry:
    """A registry of default models by number, and the number that its alias marks."""

    models: dict[int, FittedModel] = field(default_factory=dict)
    marked: int | None = None
    damaged: set[int] = field(default_factory=set)
    looks: int = 0

    def __call__(self) -> "FakeRegistry":
        self.looks += 1
        return self

    def versions(self, target: str) -> list[Version]:
        return [
            Version(target, n, model.version, f"run{n}", (CHAMPION,) if n == self.marked else (), n)
            for n, model in sorted(self.models.items(), reverse=True)
            if model.target == target
        ]

    def files(self, version: Version) -> dict[str, str]:
        if version.number in self.damaged:
            raise ModelError(f"the files of version {version.number} are gone")
        return files_of(self.models[version.number])

    def load(self, version: Version) -> FittedModel:
        self.files(version)
        return self.models[version.number]


def calibrated(intercept: float) -> FittedModel:
    """Return another version of the default model."""
    model = fitted().default
    return replace(model, calibration=replace(model.calibration, intercept=intercept))


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> FakeRegistry:
    made = FakeRegistry({number: calibrated(number / 8) for number in (1, 2, 3)})
    monkeypatch.setattr(promoted_models, "Registry", made)
    return made


@pytest.fixture
def enter(store: Store, registry: FakeRegistry) -> Callable[[int, str], None]:
    """Enter a version in the history alone, as the program did before the store had models."""

    def entered(number: int, action: str = "promoted") -> None:
        version = registry.models[number].version
        store.record_promotion(PromotionEntry("default12", number, version, action, "anne"))  # type: ignore[arg-type]

    return entered


def test_promoted_models_answer_to_the_bit_without_a_look_at_the_registry(
    store: Store, registry: FakeRegistry
):
    promote_fitted(store)
    found = load_champions(None, store)
    late, default = fitted().late_rows.frame.head(200), fitted().default_rows.frame.head(200)
    assert np.array_equal(found.late.probability(late), fitted().late.probability(late))
    assert np.array_equal(found.late.days_late(late), fitted().late.days_late(late))
    assert np.array_equal(found.default.probability(default), fitted().default.probability(default))
    assert found.default.facts == fitted().default.facts
    assert registry.looks == 0


def test_the_last_promotion_or_rollback_decides(store: Store, registry: FakeRegistry):
    for number, action in ((1, "promoted"), (2, "promoted"), (3, "refused"), (3, "requested")):
        promote(store, registry.models[number], number, action)
    assert champion(store, "default12").version == registry.models[2].version
    promote(store, registry.models[1], 1, "rolled_back")
    assert champion(store, "default12").version == registry.models[1].version


def test_a_champion_of_before_is_copied_once_with_every_version_that_answered(
    store: Store, registry: FakeRegistry, enter: Callable[..., None]
):
    registry.marked = 3
    for number in (1, 2):
        enter(number)
    enter(3, "refused")
    first = champion(store, "default12")
    assert first.version == registry.models[2].version, "the history decides, not the alias"
    assert champion(store, "default12").version == first.version
    assert registry.looks == 1
    kept = [store.model(registry.models[number].version) is not None for number in (1, 2, 3)]
    assert kept == [True, True, False]
    assert len(store.promotions()) == 3


def test_a_champion_that_only_the_alias_knows_is_entered_as_promoted(store: Store, registry: FakeRegistry):
    registry.marked = 2
    assert champion(store, "default12").version == registry.models[2].version
    (entry,) = store.promotions("default12")
    assert (entry.version, entry.action, entry.reason) == (2, "promoted", COPIED)
    copy_from_registry(store, "default12")
    assert len(store.promotions("default12")) == 1


def test_a_version_that_is_gone_does_not_keep_the_champion_from_being_copied(
    store: Store, registry: FakeRegistry, enter: Callable[..., None]
):
    for number in (1, 2):
        enter(number)
    registry.damaged = {1}
    assert champion(store, "default12").version == registry.models[2].version


@pytest.mark.parametrize("marked", [None, 2])
def test_without_a_champion_anywhere_one_is_asked_for(
    store: Store, registry: FakeRegistry, marked: int | None
):
    registry.marked, registry.damaged = marked, {2}
    with pytest.raises(NoChampionError, match="run `encours train late`"):
        champion(store, "default12")
    assert store.promotions() == ()


def test_a_promoted_model_that_is_nowhere_any_more_is_told(
    store: Store, registry: FakeRegistry, enter: Callable[..., None]
):
    enter(2)
    registry.damaged = {2}
    with pytest.raises(ModelError, match="version 2 of default12 was promoted, and neither"):
        champion(store, "default12")


def test_an_old_model_comes_from_the_store_else_from_the_registry(store: Store, registry: FakeRegistry):
    promote(store, registry.models[1])
    one, other, target = registry.models[1], registry.models[2], "default12"
    found = find_model(store, target, one.version)
    assert (found is not None and found.version, registry.looks) == (one.version, 0)
    assert find_model(store, target, other.version) is other
    assert find_model(store, target, "gone") is None
    assert find_model(store, "late30", one.version) is None
    registry.damaged = {2}
    assert find_model(store, target, other.version) is None


def test_a_stored_model_of_other_content_than_its_version_is_refused(store: Store, registry: FakeRegistry):
    one, other = registry.models[1], registry.models[2]
    swapped = StoredModel("default12", one.version, files_of(other))
    store.record_promotion(PromotionEntry("default12", 1, one.version, "promoted", "anne"), swapped)
    with pytest.raises(ModelError, match=f"{one.version} is registered"):
        champion(store, "default12")
    assert find_model(store, "default12", one.version) is None


def test_the_same_model_stored_again_changes_nothing(store: Store):
    model = stored(fitted().late)
    store.add_model(model)
    seals = store.check_audit().seals
    store.add_model(replace(model, files={**model.files, "other.txt": ""}))
    assert store.model(model.model_version) == model
    assert store.check_audit().seals == seals


def test_processes_that_copy_at_once_enter_one_promotion(store: Store, registry: FakeRegistry):
    registry.marked, alone = 2, registry.files

    def overtaken(version: Version) -> dict[str, str]:
        registry.files = alone  # type: ignore[method-assign]  # once
        copy_from_registry(store, "default12")
        return alone(version)

    registry.files = overtaken  # type: ignore[method-assign]  # as another process would
    copy_from_registry(store, "default12")
    assert [entry.version for entry in store.promotions("default12")] == [2]
