"""The demo runs end to end, and every door gives the same numbers afterwards."""

import json
import math
import os
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from models.assessment.assessment import completed
from models.errors import CreditError
from models.learning.registry import TARGETS, Registry
from pipelines.cli import app as cli
from pipelines.demo import demo
from pipelines.settings import PipelineSettings
from pipelines.training.params import DefaultParams, LateParams, Params, SimulateParams
from serving.app import create_app
from serving.settings import Settings
from serving.store import open_store

SMALL = Params(
    simulate=SimulateParams(customers=300, months=30, seed=3),
    late=LateParams(most_rows=4000, max_rounds=40, rounds=20, num_leaves=7, max_depth=3),
    default=DefaultParams(most_rows=8000, max_rounds=40, num_leaves=7, max_depth=3),
)


@contextmanager
def quiet(_title: str):
    yield


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory):
    """A demo that ran in its own folder; commands run there too."""
    folder = tmp_path_factory.mktemp("demo")
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield demo.run_demo(PipelineSettings(), SMALL, quiet)
    finally:
        os.chdir(before)


@pytest.mark.slow
def test_ten_customers_are_shown_riskiest_first(done):
    assert len(done.customers) == 10
    assert [c.pd_12m for c in done.customers] == sorted((c.pd_12m for c in done.customers), reverse=True)
    assert done.night.computed


@pytest.mark.slow
def test_the_day_before_was_scored_too_and_somebody_can_sign_in_to_see_what_changed(done):
    store = open_store(PipelineSettings().store_url)
    user = store.check_password("demo", done.password)
    nights = store.history(done.customers[0].customer_id)
    store.close()
    assert user is not None
    assert user.role == "analyst"
    assert [night.as_of.isoformat() for night in nights][-1] == done.night.as_of.isoformat()
    assert len(nights) == 2


@pytest.mark.slow
def test_a_demo_too_small_to_judge_goes_live_all_the_same_and_the_history_says_so(done):
    store = open_store(PipelineSettings().store_url)
    entries = store.promotions()
    store.close()
    assert [(e.target, e.action, e.version, e.who) for e in entries] == [
        (target, "promoted", 1, "demo") for target in TARGETS.values()
    ]
    for entry in entries:
        assert entry.verdict is not None
        assert entry.verdict["outcome"] == "too few to judge"
        assert entry.reason == "demo: too few to judge"
    assert all("gate: too few to judge; version 1" in said for said in done.verdicts)
    listed = CliRunner().invoke(cli.app, ["models"]).output
    assert "champion" in listed
    told = CliRunner().invoke(cli.app, ["models", "--history"]).output
    assert "demo: too few to judge" in " ".join(told.split())


@pytest.mark.slow
def test_night_api_and_command_line_give_the_same_numbers(done):
    customer = done.customers[0].customer_id
    with TestClient(create_app(Settings())) as client:
        headers = {"X-API-Key": done.api_key}
        assert client.get("/readyz").status_code == 200
        answered = client.post("/v1/assessments", json={"customer_id": customer}, headers=headers)
        assert answered.status_code == 200, answered.text
        api = answered.json()
        asked = client.post(
            "/v1/assessments",
            json={"customer_id": customer, "amount_eur": 9000.0, "terms_days": 60},
            headers=headers,
        ).json()
    answers = [api, asked]
    for more in ([], ["--amount", "9000", "--terms", "60"]):
        shown = CliRunner().invoke(cli.app, ["score", customer, "--json", *more])
        assert shown.exit_code == 0, shown.output
        answers.append(json.loads(shown.output))
    # What the log and an analyst's override add stands beside the assessment.
    for answered in answers:
        assert len(answered.pop("answer_id")) == 32
        assert answered.pop("in_force")["limit_from"] == "model"
    assert answers[2:] == [api, asked]
    store = open_store(PipelineSettings().store_url)
    stored = store.customer(customer)
    store.close()
    assert stored is not None
    assert completed(stored.row.assessment, api) == api


@pytest.mark.slow
def test_contributions_add_up_to_the_margin_and_the_margin_to_the_probability(done):
    shown = CliRunner().invoke(cli.app, ["score", done.customers[3].customer_id, "--json"])
    answer = json.loads(shown.output)
    for found in (answer["p_late30"], answer["pd_12m"]):
        assert found is not None  # who has failed is not among the riskiest
        total = found["base"] + sum(reason["contribution"] for reason in found["reasons"])
        assert total == pytest.approx(found["margin"], abs=1e-6)
        mapped = 1 / (1 + math.exp(-found["slope"] * found["margin"] - found["intercept"]))
        assert mapped == pytest.approx(found["value"], abs=1e-12)


@pytest.mark.slow
def test_a_prospect_is_answered_over_http(done):
    with TestClient(create_app(Settings())) as client:
        answer = client.post(
            "/v1/assessments",
            json={"prospect": {"name": "Essai SARL", "naf": "43.21A", "headcount": 12}, "amount_eur": 5000.0},
            headers={"X-API-Key": done.api_key},
        )
    assert answer.status_code == 200, answer.text
    assert answer.json()["history"] == "none"


@pytest.mark.slow
def test_the_reasons_are_told_in_both_languages(done):
    french = CliRunner().invoke(cli.app, ["score", done.customers[0].customer_id]).output
    english = CliRunner().invoke(cli.app, ["score", done.customers[0].customer_id, "--lang", "en"]).output
    assert "Plafond de crédit recommandé" in french
    assert "Recommended credit limit" in english
    told = [
        {line for line in text.splitlines() if line.strip()[:1] in {"▲", "▼"}} for text in (french, english)
    ]
    assert all(told)
    assert not set.intersection(*told)


@pytest.mark.slow
def test_the_registry_holds_signature_metrics_report_and_a_pyfunc_that_answers(done):
    import mlflow

    registry = Registry()
    for target in TARGETS.values():
        version = registry.versions(target)[0]
        assert version.aliases == ("champion",)
        run = mlflow.MlflowClient(registry.uri).get_run(version.run_id)
        assert {"test.auc", "test.brier", "test.ks", "test.calibration_error"} <= set(run.data.metrics)
        assert run.data.params["max_depth"] == "3"
        assert run.data.tags["data_hash"]
        pages = {
            item.path for item in mlflow.MlflowClient(registry.uri).list_artifacts(version.run_id, "report")
        }
        assert {"report/report.fr.html", "report/report.en.html"} <= pages
        champion, served = registry.champion(target), registry.pyfunc(target)
        assert champion.version == version.model_version
        assert len(served.metadata.signature.inputs) == len(champion.features)
        example = served.input_example
        answers = served.predict(example)
        assert list(answers["probability"]) == list(champion.probability(example))


@pytest.mark.slow
def test_the_demo_does_not_overwrite_real_scores(done, tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path}/real.db"
    store = open_store(url)
    from models.ledger.files import read_ledger
    from pipelines.ledger_parts import LedgerInMemory
    from pipelines.nightly.night import run_night
    from serving.usecases.assessors import load_champions

    # The registry's champions, which this store does not have yet.
    assessor = load_champions(None, store)
    parts = LedgerInMemory.of(read_ledger(Path("data/demo/ledger")), done.night.as_of)
    run_night(parts, assessor, store, lambda *_: ())
    store.close()
    with pytest.raises(CreditError, match="real ledger"):
        demo.run_demo(PipelineSettings(store_url=url), SMALL, quiet)


@pytest.mark.slow
def test_the_champions_of_the_demo_can_be_watched_the_same_day(done):
    shown = CliRunner().invoke(cli.app, ["monitor", "--ledger", "data/demo/ledger"])
    assert shown.exit_code in {0, 4}, shown.output
    told = json.loads(Path("data/monitoring/monitoring.json").read_text(encoding="utf-8"))
    assert told["as_of"] == told["night"]["as_of"] == done.night.as_of.isoformat()
    assert [one["realised"] for one in told["targets"]] == [None, None]
    assert all(one["scores"]["shift"]["index"] < 0.25 for one in told["targets"])
    assert shown.exit_code == (4 if told["retraining_due"] else 0)
