"""The models and the policy that an old answer was computed with, found again.

Owns where they are looked for: the assessor in charge first, then the store by the hash of the model and of
the policy. What was loaded is cached, a few versions of each.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from models.errors import PolicyError
from models.policy.document import policy_from_text
from serving.usecases.promoted_models import find_model as find_stored

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.assessment.assessor import Assessor
    from models.learning.artifact import FittedModel
    from models.policy.document import Policy
    from serving.store import Store
    from serving.usecases.assessors import AssessorSource

MOST_KEPT = 6


class ModelFinder(Protocol):
    """What finds a model by its target and its hash; None where it is gone."""

    def __call__(self, target: str, model_version: str) -> FittedModel | None:
        """Return the model, None where no version has that hash."""


class OldVersions:
    """Finds assessors of the past; safe in threads.

    Parameters
    ----------
    store
        Opens the store, or raises `StoreError`.
    assessors
        Where the assessor in charge comes from.
    find_model
        Finds a model that is not in charge.
    """

    def __init__(
        self,
        store: Callable[[], Store],
        assessors: AssessorSource,
        find_model: ModelFinder | None = None,
    ) -> None:
        self._store, self._assessors = store, assessors
        self._find_model = find_model or (lambda *asked: find_stored(store(), *asked))
        self._kept: dict[tuple[str, str], FittedModel] = {}
        self._lock = threading.Lock()

    def today(self) -> Assessor:
        """Return the assessor in charge.

        Raises
        ------
        NoChampionError, StoreError
            No model is in charge, or the store is away.
        """
        found: Assessor = self._assessors.get()  # type: ignore[assignment]  # the one that is served
        return found

    def assessor(self, late: str | None, default: str | None, policy_hash: str | None) -> Assessor | None:
        """Return the assessor of two models and a policy by their hashes, None where one is gone.

        Raises
        ------
        NoChampionError, StoreError
            No model is in charge, or the store is away.
        """
        today = self.today()
        by_invoice, by_customer = (
            self.model(today.late.target, late),
            self.model(today.default.target, default),
        )
        policy = self.policy(policy_hash)
        if by_invoice is None or by_customer is None or policy is None:
            return None
        if by_invoice is today.late and by_customer is today.default and policy is today.policy:
            return today
        return replace(today, late=by_invoice, default=by_customer, policy=policy)

    def model(self, target: str, model_version: str | None) -> FittedModel | None:
        """Return the model of a hash, None where it is gone."""
        if model_version is None:
            return None
        today = self.today()
        for live in (today.late, today.default):
            if live.target == target and live.version == model_version:
                return live
        key = (target, model_version)
        with self._lock:
            kept = self._kept.get(key)
        if kept is not None:
            return kept
        found = self._find_model(target, model_version)
        if found is not None:
            with self._lock:
                while len(self._kept) >= MOST_KEPT:
                    self._kept.pop(next(iter(self._kept)))
                self._kept[key] = found
        return found

    def policy(self, policy_hash: str | None) -> Policy | None:
        """Return the policy of a hash, None where its text is gone or this program cannot read it."""
        if policy_hash is None:
            return None
        today = self.today().policy
        if today.hash == policy_hash:
            return today
        text = self._store().policy_text(policy_hash)
        if text is None:
            return None
        try:
            found = policy_from_text(text, f"the policy {policy_hash}")
        except PolicyError:
            return None
        return found if found.hash == policy_hash else None
