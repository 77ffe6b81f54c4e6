"""Rows are made, kept and trained from; what is left behind is what the pages and the registry need."""

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pytest

from models.errors import ModelError, NotEnoughDataError
from models.learning.artifact import load
from models.learning.registry import Registry
from pipelines.ledger_parts import LedgerInMemory
from pipelines.training.row_files import read_rows
from pipelines.training.train import look_ahead, make_rows, register, train
from tests.models.fitted import fitted
from tests.pipelines.training.conftest import SMALL, parts


def test_rows_of_another_target_are_refused():
    with pytest.raises(ModelError, match="late, default"):
        make_rows(parts(), "lateness", SMALL)


def test_a_ledger_too_short_to_label_says_so():
    short = LedgerInMemory.of(fitted().ledger, dt.date(2024, 5, 31))
    with pytest.raises(NotEnoughDataError, match="too short"):
        make_rows(short, "default", SMALL)


def test_a_training_leaves_model_and_measures(trained: Path):
    for target in ("late", "default"):
        model = load(trained / target / "model")
        assert model.facts["data_hash"] == "0123456789abcdef"
        assert model.facts["period_ends"]["train"] < model.facts["period_ends"]["test"]
        measured = json.loads((trained / target / "metrics.json").read_text())
        assert {"auc", "average_precision", "brier", "log_loss", "calibration_error", "ks"} <= set(measured)


def test_segments_are_measured_apart(trained: Path):
    segments = json.loads((trained / "late" / "segments.json").read_text())
    assert {"asked=at_issue", "asked=open"} <= set(segments)
    assert any(name.startswith("history=") for name in segments)
    assert any(name.startswith("sector=") for name in segments)


def test_a_training_leaves_findings_pages_and_card(trained: Path):
    for target in ("late", "default"):
        left = trained / target / "report"
        found = json.loads((left / "findings.json").read_text(encoding="utf-8"))
        assert found["peek"] is None
        version = load(trained / target / "model").version
        for name in ("report.fr.html", "report.en.html", "card.md"):
            assert version in (left / name).read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_leak_planted_in_the_rows_fails_the_training_by_name(tmp_path: Path):
    rows, _ = make_rows(parts(), "default", SMALL)
    looked = look_ahead(parts(), "default", rows, SMALL)
    assert looked.passed
    leaking = replace(rows, frame=rows.frame.assign(headcount=rows.label))
    peeked = look_ahead(parts(), "default", leaking, SMALL)
    found = train(leaking, "default", "", SMALL, tmp_path, looked=peeked)
    assert found.verdict == "failed"
    assert {"peek", "single"} <= set(found.failed)
    assert "must not be put in charge" in (tmp_path / "report" / "report.en.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_report_and_the_card_are_logged_with_the_run(tmp_path: Path):
    rows, _ = make_rows(parts(), "default", SMALL)
    training = train(rows, "default", "0123456789abcdef", SMALL, tmp_path / "default")
    registry = Registry(f"sqlite:///{tmp_path}/mlflow.db")
    version = register(training, rows, SMALL, registry)
    assert training.model.version in registry.file(version, "report/card.md").read_text(encoding="utf-8")
    assert "Synthèse" in registry.file(version, "report/report.fr.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_training_twice_gives_the_same_model(trained: Path, tmp_path: Path):
    rows, _ = make_rows(parts(), "default", SMALL)
    again = train(rows, "default", "0123456789abcdef", SMALL, tmp_path / "default")
    assert again.model.version == load(trained / "default" / "model").version


def test_answers_on_the_last_period_and_some_rows_learnt_from_are_kept(trained: Path):
    for target in ("late", "default"):
        test = read_rows(trained / target / "rows" / "test.parquet")
        assert test.data_hash == "0123456789abcdef"
        assert len(test.answers["probability"]) == len(test.rows) > 0
        reference = read_rows(trained / target / "rows" / "reference.parquet")
        assert reference.rows.day.min() < test.rows.day.min()
