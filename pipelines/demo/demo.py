"""The complete workflow on a simulated portfolio: simulate, check, train, promote, score.

Owns the sequence of steps; each step is implemented in its own module.
"""

from __future__ import annotations

import datetime as dt
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.errors import CreditError, ModelError
from models.learning.registry import Registry
from models.ledger.files import read_ledger
from models.ledger.ledger import last_event
from models.policy.document import load_policy
from pipelines.demo.from_fec import ledger_from_fec
from pipelines.demo.prospects import keep_answers
from pipelines.demo.simulator import simulate, write_demo
from pipelines.ledger_parts import LedgerInMemory
from pipelines.nightly.night import NightReport, run_night
from pipelines.training.promotion import promote
from pipelines.training.train import TARGETS, look_ahead, make_rows, register, train
from pipelines.validation.checks import check_ledger, require_sound
from serving.registers.settings import RegisterSettings
from serving.store import AuditKeys, open_store, passwords
from serving.usecases.assessors import load_champions

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from models.learning.registry import Version
    from models.ledger.ledger import Ledger
    from pipelines.demo.prospects import DemoProspect
    from pipelines.settings import PipelineSettings
    from pipelines.training.params import Params, SimulateParams
    from serving.store import CustomerSummary, Store

    Step = Callable[[str], AbstractContextManager[None]]

DEMO = "demo"
"""Name of the demo's API key and user, and author of its promotions."""


@dataclass(frozen=True, slots=True)
class DemoResult:
    """Results of the demo.

    Parameters
    ----------
    verdicts
        The gate's verdict on each model.
    night
        The last run; the previous day is scored too, so that there are changes to report.
    customers
        The ten riskiest, in descending order of risk.
    api_key, password
        In clear text: an API key (role sales), and the password of a user of the pages (role analyst).
    prospects
        Those of whose SIREN register answers are kept.
    """

    verdicts: tuple[str, ...]
    night: NightReport
    customers: tuple[CustomerSummary, ...]
    api_key: str
    password: str
    prospects: tuple[DemoProspect, ...]


def run_demo(settings: PipelineSettings, params: Params, step: Step, *, from_fec: bool = False) -> DemoResult:
    """Run the demo in the settings' store and work folder.

    Parameters
    ----------
    step
        Context manager that reports a step, by title, until its end.
    from_fec
        Build the ledger from FEC files and register extracts, as a seller would.

    Raises
    ------
    CreditError
        The store contains scores other than the demo's, which are not overwritten, or the gate refuses a
        model.
    """
    keys = AuditKeys.read(settings.audit_key.get_secret_value())
    with closing(open_store(settings.store_url, audit_keys=keys)) as store:
        run = store.current_run()
        if run is not None and not (run.context or {}).get("demo"):
            raise CreditError(
                f"the store {settings.store_url} holds scores of a real ledger; set ENCOURS_STORE_URL and "
                "MLFLOW_TRACKING_URI to other places to run the demo"
            )
        folder = settings.work / "demo"
        ledger = _ledger(params.simulate, folder, step, from_fec=from_fec)
        with step("Checking the ledger"):
            sound = require_sound(check_ledger(ledger))
        registry, policy = Registry(), load_policy(settings.policy_path)
        day = last_event(ledger)
        known = LedgerInMemory.of(ledger, day)
        verdicts = []
        for target in TARGETS:
            with step(f"Training {target}"):
                rows, data_hash = make_rows(known, target, params)
                looked, place = look_ahead(known, target, rows, params), folder / "models" / target
                training = train(rows, target, data_hash, params, place, looked=looked, policy=policy)
                version = register(training, rows, params, registry)
                verdicts.append(_judge(registry, store, settings, version))
        with step("Keeping register answers about three prospects"):
            prospects = keep_answers(RegisterSettings(), dt.datetime.now(dt.UTC))
        with step("Scoring the portfolio, the night before and last night"):
            assessor = load_champions(settings.policy_path, store)
            for night_of in (day - dt.timedelta(days=1), day):
                parts = LedgerInMemory.of(ledger, night_of)
                night = run_night(parts, assessor, store, lambda *_: sound, notes={"demo": True})
        riskiest = store.customers_by_risk(10)
        return DemoResult(tuple(verdicts), night, riskiest, _key(store), _user(store), prospects)


def _key(store: Store) -> str:
    """Create the demo's key again: keys are not stored in clear text."""
    if any(key.name == DEMO and key.revoked_at is None for key in store.list_keys()):
        store.revoke_key(DEMO)
    return store.add_key(DEMO, "sales")


def _user(store: Store) -> str:
    """Set a new password for the demo's user, and return it."""
    password = passwords.make()
    if any(user.name == DEMO for user in store.list_users()):
        store.set_password(DEMO, password)
    else:
        store.add_user(DEMO, "analyst", password)
    return password


def _ledger(made: SimulateParams, folder: Path, step: Step, *, from_fec: bool) -> Ledger:
    if from_fec:
        with step("Importing a French seller's FEC files and register extracts"):
            return ledger_from_fec(made, folder)[0]
    with step("Simulating a French seller's portfolio"):
        write_demo(*simulate(made.customers, made.months, made.seed), folder / "ledger")
        return read_ledger(folder / "ledger")


def _judge(registry: Registry, store: Store, settings: PipelineSettings, version: Version) -> str:
    """Run a version through the promotion gate with a single approver, as the demo has no second person.

    A portfolio too small to judge is accepted, with a note in the history.
    """
    policy = load_policy(settings.policy_path)
    alone = policy.revised(gate={"two_persons": False})
    outcome = promote(
        registry,
        store,
        alone,
        version.target,
        version.number,
        DEMO,
        note="demo",
        too_few_note="demo: too few to judge",
    )
    if outcome.action == "refused":
        raise ModelError(f"the gate stops the demo: {outcome.words}")
    result = "nothing new" if outcome.verdict is None else outcome.verdict.outcome
    return f"gate: {result}; {outcome.words}"
