"""The demo's ledger from FEC files and registers' files: what it keeps of the portfolio, and what not."""

from contextlib import contextmanager
from pathlib import Path

import pytest

from pipelines.demo import demo
from pipelines.demo.from_fec import ledger_from_fec
from pipelines.demo.simulator import simulate
from pipelines.settings import PipelineSettings
from pipelines.training.params import DefaultParams, LateParams, Params, SimulateParams
from pipelines.validation.quarantine import quarantined

SMALL = Params(
    simulate=SimulateParams(customers=300, months=30, seed=3),
    late=LateParams(most_rows=4000, max_rounds=40, rounds=20, num_leaves=7, max_depth=3),
    default=DefaultParams(most_rows=8000, max_rounds=40, num_leaves=7, max_depth=3),
)


@contextmanager
def quiet(_title: str):
    yield


def test_public_facts_and_books_make_a_ledger_and_nothing_private_slips_in(tmp_path: Path):
    made = SimulateParams(customers=30, months=14, seed=2)
    ledger, summary = ledger_from_fec(made, tmp_path)
    simulated, _ = simulate(made.customers, made.months, made.seed)
    public = ["customer_id", "siren", "naf", "legal_form", "natural_person"]
    assert ledger.customers[public].equals(simulated.customers[public])
    figures = ["siren", "closed_on", "published_on", "confidential", "turnover", "equity", "total_assets"]
    assert ledger.accounts[figures].equals(simulated.accounts[figures])
    assert ledger.filings["withdrawn_on"].isna().sum() == len(simulated.filings)
    assert not quarantined(tmp_path / "ledger_fec")
    assert len(ledger.insurance) == len(simulated.insurance)
    assert ledger.customers["payment_terms_days"].isna().all()
    assert set(ledger.signals["source"]) <= {"FEC"}
    assert summary.open_cents == summary.balance_cents


@pytest.mark.slow
def test_the_demo_goes_from_fec_files_to_scores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    done = demo.run_demo(PipelineSettings(), SMALL, quiet, from_fec=True)
    assert len(done.customers) == 10
    assert done.night.computed
    assert done.night.customers == 300
    assert not list(tmp_path.rglob("ledger_truth"))
