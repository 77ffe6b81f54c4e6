"""Both champions watched once, for all tests of what is made of it."""

import datetime as dt

import pytest

from models.ledger.ledger import last_event
from models.policy.document import load_policy
from pipelines.ledger_parts import LedgerInMemory
from pipelines.monitoring.monitor import Watch, watch
from pipelines.training.params import MonitorParams
from serving.store import Run, RunKey
from tests.models.fitted import fitted
from tests.pipelines.monitoring.builders import Kept, a_registry

NIGHT = Run(
    7,
    RunKey(dt.date(2026, 3, 30), "a", "b", "c", "d", "e"),
    dt.datetime(2026, 3, 31, 1, tzinfo=dt.UTC),
    dt.datetime(2026, 3, 31, 2, tzinfo=dt.UTC),
    complete=True,
    published=True,
    context={},
)


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    return a_registry(tmp_path_factory.mktemp("registry"))


@pytest.fixture(scope="session")
def watched(registry: Kept) -> Watch:
    params = MonitorParams(draws=60, most_rows=4_000, cases=5)
    parts = LedgerInMemory.of(fitted().ledger, last_event(fitted().ledger))
    return watch(registry, parts, load_policy(), params, NIGHT)
