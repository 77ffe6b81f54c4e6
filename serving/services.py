"""What the routes work with: the store and the assessor, opened when they are first needed.

Owns when they are opened and that a failure is tried again; what they do is theirs.

The assessor follows the registry: a promotion or a rollback entered in the store, or a night published with
other models or another policy, makes the champions load again in the background (`serving.model_reload`).
Single assessments therefore come from the champion of the moment, while the lists and pages of the portfolio
show what the published night said until the next one; every answer carries the versions it comes from.
"""

from __future__ import annotations

import datetime as dt
import threading
from typing import TYPE_CHECKING, Protocol

import structlog

from serving.api.problems import no_run
from serving.audit.recorder import Recorder
from serving.known.desk import AssessmentBatcher
from serving.model_reload import Swapping
from serving.registers.settings import RegisterSettings
from serving.store import AuditKeys, Run, Store, open_store
from serving.usecases.register_lookup import Lookups

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence
    from concurrent.futures import Executor
    from pathlib import Path

    from models.assessment.assessment import Assessment, CreditRequest, CustomerState, RelatedExposure
    from models.assessment.customer_context import CustomerContext
    from models.assessment.party import Party
    from models.policy.document import Policy
    from serving.settings import Settings


class CreditAssessor(Protocol):
    """What answers about one customer; `models.assessment.assessor.Assessor` is one."""

    @property
    def policy(self) -> Policy:
        """The policy in force."""

    def assess(self, state: CustomerState, request: CreditRequest) -> Assessment:
        """Assess a customer whose state is known."""

    def assess_many(
        self, states: Sequence[CustomerState], requests: Sequence[CreditRequest]
    ) -> list[Assessment]:
        """Assess customers at once; each answer is the same as if it were asked for alone."""

    def know(self, states: Sequence[CustomerState]) -> Sequence[CustomerContext]:
        """Work out once what hangs on the customers alone, for `answer`."""

    def answer(
        self,
        customers: Sequence[CustomerContext],
        requests: Sequence[CreditRequest],
        beside: Executor | None = ...,
    ) -> Sequence[Assessment]:
        """Assess known customers at once; each answer is the same as if it were asked for alone."""

    def state_of_prospect(
        self,
        party: Party,
        accounts: Sequence[Mapping[str, object]],
        as_of: dt.date,
        peers: Mapping[str, object],
        surroundings: RelatedExposure = ...,
        filings: Sequence[Mapping[str, object]] = ...,
    ) -> CustomerState:
        """Return what is known of somebody without history: registers, accounts, peers and sector."""


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
    lookups
        Looks companies up in the registers; as the environment says without it.

    Attributes
    ----------
    recorder
        Writes the audit log.
    desk
        Answers about known customers.
    lookups
        Looks companies up in the registers.
    """

    def __init__(
        self,
        settings: Settings,
        assessor: CreditAssessor | None = None,
        store: Store | None = None,
        today: Callable[[], dt.date] = lambda: dt.datetime.now(dt.UTC).date(),
        lookups: Lookups | None = None,
    ) -> None:
        self._settings = settings
        self._assessor_given = assessor
        self._live = Swapping(self._load, self._in_charge)
        self._store = store
        self._lent = store is not None
        self._lock = threading.Lock()
        self.recorder = Recorder(self.store)
        self.desk = AssessmentBatcher(self, settings.most_known)
        self.today = today
        self.lookups = lookups or Lookups(RegisterSettings(), online=settings.registers == "online")

    def store(self) -> Store:
        """Return the store, opening it where it is not yet; `StoreError` where that fails."""
        with self._lock:
            if self._store is None:
                keys = AuditKeys.read(self._settings.audit_key.get_secret_value())
                self._store = open_store(self._settings.store_url, audit_keys=keys)
            return self._store

    def assessor(self) -> CreditAssessor:
        """Return the assessor, loading it where it is not yet; a replacement is loaded in the background.

        Raises
        ------
        NoChampionError
            No model is in charge.
        StoreError
            The store is away.
        """
        return self._live.get() if self._assessor_given is None else self._assessor_given

    def assessor_in_use(self) -> CreditAssessor | None:
        """Return the assessor that answers now, None where it must be loaded first; nothing is looked at."""
        return self._live.in_use() if self._assessor_given is None else self._assessor_given

    def is_look_due(self) -> bool:
        """Tell whether it is time to look if another assessor is in charge."""
        return self._assessor_given is None and self._live.is_due()

    def _load(self) -> CreditAssessor:
        """Load the champions and the policy, and keep the policy's text for replays."""
        found = load_champions(self._settings.policy_path)
        if not self.store().keep_policy_of(found.policy, self._settings.policy_path):
            structlog.get_logger().warning("policy_not_kept", policy_hash=found.policy.hash)
        return found

    def _in_charge(self) -> Hashable:
        """Return what tells whether other models or another policy are in charge."""
        store = self.store()
        run = store.current_run()
        models = None if run is None else (run.key.late_model, run.key.default_model, run.key.policy_hash)
        return models, store.last_promotion()

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

    @property
    def rates_path(self) -> Path | None:
        """The table of legal rates; None for the one that comes with the program."""
        return self._settings.rates_path

    def close(self) -> None:
        """Answer what waits, write what waits for the audit log, then close what was opened here."""
        self.desk.close()
        self.lookups.close()
        self.recorder.close()
        if self._store is not None and not self._lent:
            self._store.close()


def load_champions(policy_path: Path | None) -> CreditAssessor:
    """Load the models in charge and the policy.

    Raises
    ------
    NoChampionError
        No model is in charge.
    """
    from models.assessment.assessor import load_assessor  # noqa: PLC0415  # MLflow and LightGBM cost seconds to import

    return load_assessor(policy_path)
