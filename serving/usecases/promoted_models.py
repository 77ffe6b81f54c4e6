"""The models that answer, or once answered, as the store has them.

Owns where a model is looked for: the store, to which every promotion writes its model, then the registry, for
what was promoted before the store had models. The registry's are copied to the store at the first look, so
that only that process imports MLflow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.errors import ModelError, NoChampionError
from models.learning.artifact import from_files
from models.learning.registry import Registry
from serving.store import PromotionEntry, StoredModel
from serving.usecases.champions import CHANGES

if TYPE_CHECKING:
    from models.learning.artifact import FittedModel
    from models.learning.registry import Version
    from serving.store import Promotion, Store

COPIED_BY = "encours"
COPIED = "answered before the store had models: copied from the registry"
"""Author and reason in the history of a promotion that only the registry knew."""


def champion(store: Store, target: str) -> FittedModel:
    """Return the model that answers for a target.

    Raises
    ------
    NoChampionError
        None was promoted.
    ModelError
        It is gone, or cannot be read any more.
    """
    found = store.champion(target)
    if found is None:
        copy_from_registry(store, target)
        found = store.champion(target)
    if found is None:
        raise _missing(store, target)
    return from_files(found.files, found.model_version)


def find_model(store: Store, target: str, model_version: str) -> FittedModel | None:
    """Return a model that answered once, None where it is gone or cannot be read any more."""
    found = store.model(model_version)
    try:
        if found is not None and found.target == target:
            return from_files(found.files, model_version)
        return _from_registry(target, model_version)
    except ModelError as error:
        _warn("old_model_unreadable", target, error)
        return None


def copy_from_registry(store: Store, target: str) -> None:
    """Copy every version of a target that has answered to the store; idempotent.

    Without any promotion in the history, the registry's champion is entered as promoted.
    """
    registry = Registry()
    history = _changes(store, target)
    answered = {entry.model_version for entry in history}
    for version in registry.versions(target):
        try:
            if version.model_version in answered:
                store.add_model(_stored(registry, version))
            elif not history and version.is_champion:
                model = _stored(registry, version)
                entry = PromotionEntry(
                    target, version.number, model.model_version, "promoted", COPIED_BY, COPIED
                )
                # Another process may have copied it meanwhile.
                store.record_promotion(entry, model, only_first=True)
        except ModelError as error:
            _warn("model_not_copied", target, error)


def _missing(store: Store, target: str) -> ModelError:
    """Return why no model answers: none was promoted, or it is nowhere any more."""
    history = _changes(store, target)
    if not history:
        return NoChampionError(
            f"no model answers for {target} yet; run `encours train late` and `encours train default`, "
            "then `encours promote`"
        )
    return ModelError(
        f"version {history[-1].version} of {target} was promoted, and neither the store nor MLflow has its "
        "model; put MLflow's files back, or train and promote another version"
    )


def _changes(store: Store, target: str) -> list[Promotion]:
    """Return the entries of the history that changed the champion, oldest first."""
    return [entry for entry in store.promotions(target) if entry.action in CHANGES]


def _from_registry(target: str, model_version: str) -> FittedModel | None:
    registry = Registry()
    versions = (one for one in registry.versions(target) if one.model_version == model_version)
    found = next(versions, None)
    return None if found is None else registry.load(found)


def _stored(registry: Registry, version: Version) -> StoredModel:
    files = registry.files(version)
    return StoredModel(version.target, from_files(files, version.model_version).version, files)


def _warn(event: str, target: str, error: ModelError) -> None:
    import structlog  # noqa: PLC0415  # costs a tenth of a second, and little is logged

    structlog.get_logger().warning(event, target=target, reason=str(error))
