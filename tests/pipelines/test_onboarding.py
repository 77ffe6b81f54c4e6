"""A start leads any ledger to scores, says what they rest on, and goes on when it is run again."""

import datetime as dt
import os
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from models.errors import LedgerError
from models.learning.artifact import FittedModel
from models.learning.registry import TARGETS, Registry
from models.ledger.files import write_ledger
from models.ledger.ledger import Ledger, as_known_on
from pipelines.cli import app as cli
from pipelines.demo.fec.writing import write_years
from pipelines.demo.simulator import simulate
from pipelines.onboarding import Started, start
from pipelines.settings import PipelineSettings
from pipelines.training.params import DefaultParams, LateParams, Params
from serving.store import open_store
from tests.builders import a_customer, a_ledger, a_payment, an_invoice

SMALL = Params(
    late=LateParams(most_rows=2000, max_rounds=20, rounds=10, num_leaves=7, max_depth=3),
    default=DefaultParams(most_rows=2000, max_rounds=20, num_leaves=7, max_depth=3),
)


@contextmanager
def quiet(_title: str):
    yield


@pytest.fixture
def place(tmp_path: Path):
    before = Path.cwd()
    os.chdir(tmp_path)
    try:
        yield tmp_path
    finally:
        os.chdir(before)


def begin(ledger: Ledger, as_of: dt.date | None = None) -> Started:
    settings = PipelineSettings()
    write_ledger(ledger, settings.ledger)
    return start(settings.ledger, as_of, settings, SMALL, quiet, "anne")


def champions() -> dict[str, FittedModel]:
    return {name: Registry().champion(name) for name in TARGETS.values()}


def odd_ledgers() -> dict[str, Ledger]:
    """Return ledgers that hold too little: each has one kind of thing only."""
    many = [a_customer(f"C{k}") for k in range(6)]
    numbers = [(k, day) for k in range(6) for day in range(0, 300, 20)]

    def invoices() -> list[dict[str, object]]:
        return [an_invoice(f"F{k}-{day}", day, day + 30, customer_id=f"C{k}") for k, day in numbers]

    def paid(late: int) -> list[dict[str, object]]:
        return [a_payment(f"F{k}-{day}", day + 30 + late, customer_id=f"C{k}") for k, day in numbers]

    return {
        "one customer": a_ledger([an_invoice("F1", 0, 30)], [a_payment("F1", 35)]),
        "no paid invoice": a_ledger(invoices(), customers=many),
        "one month": a_ledger(
            [an_invoice(f"F{k}", k, k + 30, customer_id=f"C{k}") for k in range(6)], customers=many
        ),
        "all late": a_ledger(invoices(), paid(45), many),
        "none late": a_ledger(invoices(), paid(-2), many),
    }


@pytest.mark.slow
@pytest.mark.parametrize("kind", odd_ledgers())
def test_a_ledger_that_holds_too_little_is_scored_all_the_same(place: Path, kind: str):
    ledger = odd_ledgers()[kind]
    found = begin(ledger)
    assert found.night.customers == len(ledger.customers)
    assert len(found.customers) == len(ledger.customers)
    for one in found.customers:
        assert 0 < one.pd_12m < 1
        assert 0 < one.p_late30 < 1
    assert {basis.target for basis in found.bases} == set(TARGETS.values())
    assert all(basis.rests_on in ("published", "habit", "level", "own") for basis in found.bases)


@pytest.mark.slow
def test_a_ledger_without_any_customer_is_refused_in_one_sentence(place: Path):
    settings = PipelineSettings()
    settings.ledger.mkdir(parents=True)
    with pytest.raises(LedgerError, match=r"import|ledger"):
        start(settings.ledger, None, settings, SMALL, quiet, "anne")


@pytest.mark.slow
def test_a_start_run_again_keeps_its_models_its_user_and_its_scores(place: Path):
    ledger, _ = simulate(40, 14, 3)
    first = begin(ledger)
    versions = {name: [one.number for one in Registry().versions(name)] for name in TARGETS.values()}
    again = begin(ledger)
    assert first.password is not None
    assert again.password is None
    assert first.night.computed
    assert not again.night.computed
    assert again.customers == first.customers
    assert {name: [one.number for one in Registry().versions(name)] for name in TARGETS.values()} == versions


@pytest.mark.slow
def test_next_month_s_ledger_is_learnt_and_scored_anew(place: Path):
    ledger, _ = simulate(40, 16, 3)
    first = begin(as_known_on(ledger, dt.date(2026, 8, 31)))
    second = begin(ledger)
    assert second.night.as_of > first.night.as_of
    assert second.night.computed
    store = open_store(PipelineSettings().store_url)
    entries = store.promotions()
    store.close()
    assert [entry.action for entry in entries if entry.target == "late30"][:2] == ["promoted", "promoted"]


@pytest.mark.slow
def test_fec_files_are_known_by_their_content_and_lead_to_a_table_of_customers(place: Path):
    ledger, _ = simulate(12, 13, 5)
    paths = [str(path) for path in write_years(ledger, place / "books")]
    renamed = [str(Path(path).rename(place / f"export{k}.dat")) for k, path in enumerate(paths)]
    # The name of a FEC says its closing day; without it the file's last month stands for it.
    done = CliRunner().invoke(cli.app, ["start", *renamed, "--no-serve"])
    assert done.exit_code == 0, done.output
    assert "repose sur" in done.output
    assert "http://localhost:8000/" in done.output


@pytest.mark.slow
def test_what_is_no_fec_needs_a_mapping_and_says_so(place: Path):
    (place / "list.csv").write_text("client;montant\nC1;12\n", encoding="utf-8")
    done = CliRunner().invoke(cli.app, ["start", "list.csv", "--no-serve"])
    assert done.exit_code != 0
    assert "--mapping" in str(done.exception)
