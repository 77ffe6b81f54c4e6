"""The server's wiring: every use case with the dependencies that it names, made once an application.

Owns when the store and the assessor are opened and that a failure is tried again. Nothing takes the whole of
it: a route asks for its use case (`serving.api.dependencies`).

The assessor follows the store: a promotion or a rollback, which brings its model along, or a night published
with other models or another policy, makes the champions load again in the background
(`serving.model_reload`).
Single assessments therefore come from the champion of the moment, while the lists and pages of the portfolio
show what the published night said until the next one; every answer carries the versions it comes from.
"""

from __future__ import annotations

import datetime as dt
import threading
from typing import TYPE_CHECKING

from serving.api.authentication import Authenticator
from serving.api.middleware.time_table import TimeTable
from serving.api.sessions import SignIn
from serving.audit.recorder import Recorder
from serving.model_reload import Swapping
from serving.registers.settings import RegisterSettings
from serving.store import AuditKeys, Store, open_store
from serving.usecases.access import ChangeAccess
from serving.usecases.assess import Assess, AssessProspect
from serving.usecases.assess_batch import AssessBatch
from serving.usecases.assessment_batcher import AssessmentBatcher
from serving.usecases.assessors import FixedAssessor, load_champions
from serving.usecases.case_answers import AnswerCase
from serving.usecases.cases import CaseDesk, OpenCase, WaitingCases
from serving.usecases.customer_file import CustomerFiles
from serving.usecases.decide import Decide
from serving.usecases.limit_usage import LimitsInForce
from serving.usecases.lists import PublishedLists
from serving.usecases.model_changes import ChangeModels
from serving.usecases.notifications import Notifications
from serving.usecases.old_versions import OldVersions
from serving.usecases.overrides import SetOverride, WithdrawOverride
from serving.usecases.policy_changes import ChangePolicy
from serving.usecases.portfolio_risk import PortfolioRisk
from serving.usecases.provisions import Provisions
from serving.usecases.register_lookup import Lookups
from serving.usecases.reviews import AssignCustomers, MarkReviewed
from serving.usecases.saved_views import SavedViews
from serving.usecases.services import CreditServices
from serving.usecases.similar_names import SimilarNames
from serving.usecases.stress import StressPortfolio
from serving.usecases.uploads import Uploads
from serving.usecases.worklist import CollectionActions

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from pathlib import Path

    from models.policy.document import Policy
    from serving.settings import Settings
    from serving.usecases.assessors import AssessorSource, CreditAssessor
    from serving.usecases.model_changes import RunModelJob
    from serving.usecases.uploads import StartJob


class Wiring:
    """The store, the assessor and the use cases of one application; safe in threads.

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
    start_job
        Starts the job of an upload; None where this server imports nothing.
    run_model_job
        Runs a job on versions of the models; None where this server changes none.

    Attributes
    ----------
    recorder
        Writes the audit log.
    lookups
        Looks companies up in the registers.
    assessors
        Where the assessor in use comes from.
    batcher, assess, assess_batch, decide, set_override, withdraw_override, customer_files, limits, lists
    mark_reviewed, assign_customers, collection_actions, portfolio_risk
        Use cases.
    uploads
        Files that people hand in.
    open_case, case_desk, answer_case, waiting_cases
        Use cases of what is sent to the credit department.
    change_policy, change_models
        Changes of the policy, and of the models in charge.
    stress
        Answers about stress scenarios.
    provisions
        Kept closings of provisions.
    saved_views
        Named views of the list of customers.
    notifications
        Messages to recipients outside.
    change_access
        Users, sessions and keys.
    old_versions
        Finds the assessors of old answers.
    authenticator, sign_in
        Tell callers, and let people in.
    rates_path
        The table of legal rates; None for the one that comes with the program.
    """

    def __init__(
        self,
        settings: Settings,
        assessor: CreditAssessor | None = None,
        store: Store | None = None,
        today: Callable[[], dt.date] = lambda: dt.datetime.now(dt.UTC).date(),
        lookups: Lookups | None = None,
        start_job: StartJob | None = None,
        run_model_job: RunModelJob | None = None,
    ) -> None:
        self._settings = settings
        self._store = store
        self._lent = store is not None
        self._lock = threading.Lock()
        self.today = today
        self.recorder = Recorder(self.store)
        # Registers count calls by address: all processes together keep to the published rates.
        registers = RegisterSettings().shared_by(settings.workers * settings.machines)
        self.lookups = lookups or Lookups(registers, online=settings.registers == "online")
        self.assessors: AssessorSource = (
            Swapping(self._load, self._in_charge) if assessor is None else FixedAssessor(assessor)
        )
        services = CreditServices(self.store, self.assessors, self.recorder, today)
        self.batcher = AssessmentBatcher(services, settings.most_known)
        self.assess = Assess(self.batcher, AssessProspect(services, self.lookups.find))
        self.decide = Decide(services, self.lookups.find)
        self.assess_batch = AssessBatch(services, self.lookups.find_kept)
        self.limits = LimitsInForce(self.store, self.assessors, today)
        self.lists = PublishedLists(self.store, self.recorder, self.limits, SimilarNames(self.store))
        policy, changed = self._policy, self.batcher.refresh
        self.portfolio_risk = PortfolioRisk(self.store, policy)
        self.old_versions = OldVersions(self.store, self.assessors)
        self.customer_files = CustomerFiles(self.store, self.assessors, self.old_versions, today)
        self._open_access(settings)
        self.rates_path = settings.rates_path
        self.uploads = Uploads(settings.uploads, start_job, self.store)
        self.change_policy = ChangePolicy(self.store, settings.policy_path)
        self.change_models = ChangeModels(self.store, policy, run_model_job)
        self.saved_views = SavedViews(self.store)
        self.provisions = Provisions(self.store)
        self.notifications = Notifications(self.store)
        self.change_access = ChangeAccess(self.store)
        self.stress = StressPortfolio(self.store, policy, today, self.recorder)
        self.set_override = SetOverride(self.store, policy, today, changed)
        self.withdraw_override = WithdrawOverride(self.store, policy, changed)
        self.mark_reviewed = MarkReviewed(self.store, today)
        self.assign_customers = AssignCustomers(self.store)
        self._open_cases(services)

    def _open_cases(self, services: CreditServices) -> None:
        """Create what sends, answers and counts cases, and collects debts."""
        self.collection_actions = CollectionActions(self.store, self.today)
        self.open_case, self.case_desk = OpenCase(services), CaseDesk(services)
        self.answer_case = AnswerCase(services, self.batcher.refresh)
        self.waiting_cases = WaitingCases(self.case_desk)

    def _open_access(self, settings: Settings) -> None:
        """Create the authentication and the sign-in, which limit attempts together."""
        self._times = TimeTable(settings.shared_limits)
        self.authenticator = Authenticator(
            self.store, settings.rate_per_minute, times=self._times, machines=settings.machines
        )
        self.sign_in = SignIn.of(self.store, times=self._times, machines=settings.machines)

    def store(self) -> Store:
        """Return the store, opening it where it is not yet; `StoreError` where that fails."""
        with self._lock:
            if self._store is None:
                keys = AuditKeys.read(self._settings.audit_key.get_secret_value())
                self._store = open_store(self._settings.store_url, audit_keys=keys)
            return self._store

    def _policy(self) -> Policy:
        return self.assessors.get().policy

    def _load(self) -> CreditAssessor:
        found = load_champions(self._settings.policy_path, self.store())
        found.warm()
        return found

    def _in_charge(self) -> Hashable:
        """Return what tells whether other models or another policy are in charge.

        The policy's file is part of it: a process that starts later reads the file as it is then, and all
        must answer alike.
        """
        store = self.store()
        run = store.current_run()
        models = None if run is None else (run.key.late_model, run.key.default_model, run.key.policy_hash)
        return models, store.last_promotion(), _version_of(self._settings.policy_path)

    def close(self) -> None:
        """Answer what waits, write what waits for the audit log, then close what was opened here."""
        self.batcher.close()
        self.lookups.close()
        self.recorder.close()
        self._times.close()
        if self._store is not None and not self._lent:
            self._store.close()


def _version_of(path: Path | None) -> tuple[int, int, int] | None:
    """Return what changes whenever a file does; None where there is none."""
    try:
        found = None if path is None else path.stat()
    except OSError:
        return None
    return None if found is None else (found.st_ino, found.st_size, found.st_mtime_ns)
