"""Both targets trained small, once for all tests of what a training leaves behind; these are slow tests."""

import datetime as dt
from functools import cache
from pathlib import Path

import pytest

from pipelines.ledger_parts import LedgerInMemory
from pipelines.training.params import DefaultParams, LateParams, Params
from pipelines.training.train import make_rows, train
from tests.models.fitted import fitted

SMALL = Params(
    late=LateParams(most_rows=3000, max_rounds=30, rounds=10, num_leaves=7, max_depth=3),
    default=DefaultParams(most_rows=6000, max_rounds=30, num_leaves=7, max_depth=3, every_months=2),
)


@cache
def parts() -> LedgerInMemory:
    return LedgerInMemory.of(fitted().ledger, dt.date(2026, 8, 31))


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    for target in ("late", "default"):
        rows, _ = make_rows(parts(), target, SMALL)
        train(rows, target, "0123456789abcdef", SMALL, folder / target)
    return folder


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "trained" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)
