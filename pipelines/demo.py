"""The whole way on a made-up portfolio: simulate, check, train, promote, score by night.

Owns the order of the steps; each step's work is its own module's.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.assessor import load_assessor
from models.errors import CreditError
from models.ledger import last_event
from models.ledger_files import fingerprint, read_ledger
from models.registry import Registry
from pipelines.nightly import NightReport, run_night
from pipelines.sources.demo import simulate, write_demo
from pipelines.training.train import TARGETS, make_rows, register, train
from pipelines.validation.checks import require_sound
from serving.store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from pipelines.params import Params
    from pipelines.settings import PipelineSettings
    from serving.store import CustomerSummary

    Step = Callable[[str], AbstractContextManager[None]]

DEMO_KEY = "demo"


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What the demo leaves: its night, ten customers by risk, and an API key in clear."""

    night: NightReport
    customers: tuple[CustomerSummary, ...]
    api_key: str


def run_demo(settings: PipelineSettings, params: Params, step: Step) -> DemoResult:
    """Run the demo into the settings' store and work folder.

    Parameters
    ----------
    step
        Opens a step with its title and tells the person when it ends.

    Raises
    ------
    CreditError
        The store holds scores that are not the demo's: they are not overwritten.
    """
    with closing(open_store(settings.store_url)) as store:
        run = store.current_run()
        if run is not None and not (run.context or {}).get("demo"):
            raise CreditError(
                f"the store {settings.store_url} holds scores of a real ledger; set ENCOURS_STORE_URL and "
                "MLFLOW_TRACKING_URI to other places to run the demo"
            )
        folder = settings.work / "demo"
        with step("Simulating a French seller's portfolio"):
            made = params.simulate
            write_demo(*simulate(made.customers, made.months, made.seed), folder / "ledger")
            ledger = read_ledger(folder / "ledger")
        with step("Checking the ledger"):
            warnings = require_sound(ledger)
        registry = Registry()
        day = last_event(ledger)
        data_hash = fingerprint(ledger)
        for target in TARGETS:
            with step(f"Training {target}"):
                rows = make_rows(ledger, target, day, params)
                training = train(rows, target, data_hash, params, folder / "models" / target)
                version = register(training, rows, params, registry)
                registry.promote(version.target, version.number)
        with step("Scoring the portfolio"):
            night = run_night(
                ledger,
                day,
                load_assessor(settings.policy_path),
                store,
                lambda _: warnings,
                notes={"demo": True},
            )
        if any(key.name == DEMO_KEY and key.revoked_at is None for key in store.list_keys()):
            store.revoke_key(DEMO_KEY)
        return DemoResult(night, store.customers_by_risk(10), store.add_key(DEMO_KEY, "sales"))
