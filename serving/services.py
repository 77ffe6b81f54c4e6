"""What the routes work with: the store and the assessor, opened when they are first needed.

Owns when they are opened and that a failure is tried again; what they do is theirs.
"""

from __future__ import annotations

import datetime as dt
import threading
from typing import TYPE_CHECKING, Protocol

from serving.problems import no_run
from serving.store import Run, Store, open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from models.assessment import Assessment, CreditRequest, CustomerState, Party
    from serving.settings import Settings


class CreditAssessor(Protocol):
    """What answers about one customer; `models.assessor.Assessor` is one."""

    def assess(self, state: CustomerState, request: CreditRequest) -> Assessment:
        """Assess a customer whose state is known."""

    def assess_prospect(
        self,
        party: Party,
        accounts: Sequence[Mapping[str, object]],
        request: CreditRequest,
        as_of: dt.date,
        peers: Mapping[str, object],
    ) -> Assessment:
        """Assess somebody without history from registers, accounts and peers."""


class Services:
    """The store and the assessor of one application; safe in threads.

    Parameters
    ----------
    settings
        Where to open them.
    assessor, store
        Given ones are used as they are: never loaded again, never closed.
    today
        What tells the present day, on which a prospect is assessed.
    """

    def __init__(
        self,
        settings: Settings,
        assessor: CreditAssessor | None = None,
        store: Store | None = None,
        today: Callable[[], dt.date] = lambda: dt.datetime.now(dt.UTC).date(),
    ) -> None:
        self._settings = settings
        self._assessor_given = assessor
        self._loaded: tuple[tuple[str, str, str] | None, CreditAssessor] | None = None
        self._store = store
        self._lent = store is not None
        self._lock = threading.Lock()
        self.today = today

    def store(self) -> Store:
        """Return the store, opening it where it is not yet; `StoreError` where that fails."""
        with self._lock:
            if self._store is None:
                self._store = open_store(self._settings.store_url)
            return self._store

    def assessor(self) -> CreditAssessor:
        """Return the assessor, loading it where it is not yet, or where the night published with another.

        Raises
        ------
        NoChampionError
            No model is in charge.
        StoreError
            The store is away.
        """
        if self._assessor_given is not None:
            return self._assessor_given
        run = self.store().current_run()
        models = None if run is None else (run.key.late_model, run.key.default_model, run.key.policy_hash)
        with self._lock:
            if self._loaded is None or self._loaded[0] != models:
                self._loaded = models, load_champions(self._settings.policy_path)
            return self._loaded[1]

    def current_run(self) -> Run:
        """Return the published run.

        Raises
        ------
        Problem
            No run is published yet.
        StoreError
            The store is away.
        """
        run = self.store().current_run()
        if run is None:
            raise no_run()
        return run

    def close(self) -> None:
        """Close what was opened here."""
        if self._store is not None and not self._lent:
            self._store.close()


def load_champions(policy_path: Path | None) -> CreditAssessor:
    """Load the models in charge and the policy.

    Raises
    ------
    NoChampionError
        No model is in charge.
    """
    from models.assessor import load_assessor  # noqa: PLC0415  # MLflow and LightGBM cost seconds to import

    return load_assessor(policy_path)
