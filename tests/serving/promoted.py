"""Fitted models in a store, as a promotion puts them there."""

from models.learning.artifact import FittedModel, files_of
from serving.store import PromotionEntry, Store, StoredModel
from tests.models.fitted import fitted


def stored(model: FittedModel) -> StoredModel:
    return StoredModel(model.target, model.version, files_of(model))


def promote(store: Store, model: FittedModel, number: int = 1, action: str = "promoted") -> None:
    entry = PromotionEntry(model.target, number, model.version, action, "anne")  # type: ignore[arg-type]
    store.record_promotion(entry, stored(model))


def promote_fitted(store: Store) -> None:
    """Put the fitted models in charge."""
    for model in (fitted().late, fitted().default):
        promote(store, model)
