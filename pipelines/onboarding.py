"""Onboarding of a company's ledger to a scored portfolio: check, train, promote, score.

Each target gets the best model that the ledger supports: one of its own with enough outcomes, simpler
components with fewer, and published statistics with none. Running it again with newer files continues from
the last state. Owns the sequence of steps; each step is implemented in its own module.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from models.errors import LedgerError, NoChampionError, NotEnoughDataError
from models.learning.registry import TARGETS, Registry
from models.learning.rows import no_rows
from models.learning.starter.models import starter
from models.ledger.entity_files import read_joined_ledger
from models.ledger.ledger import last_event
from models.policy.document import load_policy
from pipelines.ledger_parts import LedgerInMemory
from pipelines.nightly.night import NightReport, run_night
from pipelines.training import default_fit, late_components
from pipelines.training.promotion import promote
from pipelines.training.train import look_ahead, make_rows, register, train, write_untested
from pipelines.validation.ledger_checks import night_check
from pipelines.workers import ThisProcess
from serving.store import AuditKeys, open_store, passwords
from serving.usecases.assessors import load_champions

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from models.learning.artifact import FittedModel
    from models.policy.document import Policy
    from pipelines.ledger_parts import LedgerParts
    from pipelines.settings import PipelineSettings
    from pipelines.training.params import Params
    from serving.store import CustomerSummary, Store

    Step = Callable[[str], AbstractContextManager[None]]

STARTER_REASON = "starter model: published statistics"
ENOUGH = {"late30": late_components.ENOUGH_BAD, "default12": default_fit.ENOUGH}
"""Approximate number of bad outcomes for a model of its own: late invoices, customers in default."""
MOST_SHOWN = 15


@dataclass(frozen=True, slots=True)
class ModelBasis:
    """Basis of a target's model.

    Parameters
    ----------
    rests_on
        Of `models.learning.basis`.
    found, enough
        Number of bad outcomes in the ledger, and the approximate number for a model of its own.
    outcome
        Result of promoting the newest version, as a sentence; empty if none was trained.
    """

    target: str
    rests_on: str
    found: int
    enough: int
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Started:
    """Results of an onboarding.

    Parameters
    ----------
    customers
        The riskiest first, at most `MOST_SHOWN`.
    user, password
        First user of the pages, with its password in clear text; None if users existed already.
    """

    night: NightReport
    bases: tuple[ModelBasis, ...]
    customers: tuple[CustomerSummary, ...]
    user: str | None
    password: str | None


def start(
    folder: Path,
    as_of: dt.date | None,
    settings: PipelineSettings,
    params: Params,
    step: Step,
    who: str,
    lang: str = "fr",
    waits: Callable[[str], None] = lambda _who: None,
) -> Started:
    """Check a ledger, train and promote the models it supports, and score the portfolio.

    Parameters
    ----------
    folder
        The ledger's folder.
    as_of
        The day to score; the last event's if None.
    step
        Context manager that reports a step, by title, until its end.
    who
        The author of the promotions, and name of the first user of the pages.
    waits
        Called once with the holder's name before waiting for a concurrent nightly run.

    Raises
    ------
    LedgerError
        The ledger has no customer, or cannot be scored.
    """
    ledger = read_joined_ledger(folder)
    if ledger.customers.empty:
        raise LedgerError(f"{folder} holds no customer; import a file first")
    day = as_of or last_event(ledger)
    policy = load_policy(settings.policy_path)
    keys = AuditKeys.read(settings.audit_key.get_secret_value())
    with closing(open_store(settings.store_url, audit_keys=keys)) as store:
        run = store.current_run()
        if run is not None and (run.context or {}).get("demo"):
            raise LedgerError(
                f"the store {settings.store_url} holds the demo's scores; set ENCOURS_STORE_URL and "
                "MLFLOW_TRACKING_URI to other places to start from your own files"
            )
        with step(_STEPS["check"][lang]):
            parts = LedgerInMemory.of(ledger, day)
            check = night_check(folder, settings.suites, only_until=as_of is not None)(parts, ThisProcess())
        registry = Registry()
        bases = []
        for target, name in TARGETS.items():
            with step(_STEPS[target][lang]):
                bases.append(
                    _put_in_charge(parts, target, name, settings, params, policy, registry, store, who)
                )
        with step(_STEPS["score"][lang]):
            assessor = load_champions(settings.policy_path, store)
            night = run_night(parts, assessor, store, lambda *_: check, waits=waits)
        user, password = _user(store, who)
        return Started(night, tuple(bases), store.customers_by_risk(MOST_SHOWN), user, password)


_STEPS = {
    "check": {"fr": "Contrôle des données", "en": "Checking the data"},
    "late": {"fr": "Modèle de retard de paiement", "en": "Late-payment model"},
    "default": {"fr": "Modèle de défaillance", "en": "Default model"},
    "score": {"fr": "Évaluation des clients", "en": "Assessing the customers"},
}


def _put_in_charge(
    parts: LedgerParts,
    target: str,
    name: str,
    settings: PipelineSettings,
    params: Params,
    policy: Policy,
    registry: Registry,
    store: Store,
    who: str,
) -> ModelBasis:
    """Train and promote a target's model; otherwise keep the champion, or install the starter."""
    outcome, found, model = "", 0, _champion(registry, name)
    try:
        rows, data_hash = make_rows(parts, target, params)
    except NotEnoughDataError as error:
        outcome = str(error)
    else:
        bad = rows.owner[rows.label == 1]
        found = len(np.unique(bad)) if target == "default" else len(np.unique(rows.subject[rows.label == 1]))
        place = settings.work / "models" / target
        if model is None or model.facts.get("data_hash") != data_hash:
            looked = look_ahead(parts, target, rows, params)
            training = train(rows, target, data_hash, params, place, looked=looked, policy=policy)
            version = register(training, rows, params, registry)
            outcome = promote(registry, store, policy, name, version.number, who).words
            model = _champion(registry, name)
    if model is None:
        model = _install_starter(registry, store, policy, name, settings.work / "models", who)
    return ModelBasis(name, model.rests_on, found, ENOUGH[name], outcome)


def _champion(registry: Registry, name: str) -> FittedModel | None:
    try:
        return registry.champion(name)
    except NoChampionError:
        return None


def _install_starter(
    registry: Registry, store: Store, policy: Policy, name: str, folder: Path, who: str
) -> FittedModel:
    """Register and promote the starter model."""
    model, place = starter(name), folder / f"starter_{name}"
    write_untested(model, no_rows(model.read), np.array([]), {}, place)
    example = pd.DataFrame(0.0, index=range(1), columns=list(model.features))
    version = registry.record(model, example, {}, {}, {"rows": place / "rows"})
    promote(registry, store, policy, name, version.number, who, STARTER_REASON, too_few_note=STARTER_REASON)
    return model


def _user(store: Store, who: str) -> tuple[str | None, str | None]:
    """Create the first user of the pages, with a password; None if users exist."""
    if store.list_users():
        return None, None
    password = passwords.make()
    store.add_user(who, "analyst", password)
    return who, password
