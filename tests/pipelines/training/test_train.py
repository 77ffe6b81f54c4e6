"""Rows are made, kept and trained from; what is left behind is what the pages and the registry need."""

import datetime as dt
import json
from pathlib import Path

import numpy as np
import pytest

from models.artifact import load
from models.errors import ModelError, NotEnoughDataError
from models.ledger import as_known_on
from pipelines.params import DefaultParams, LateParams, Params
from pipelines.training.evaluate import evaluate
from pipelines.training.figures import FIGURES
from pipelines.training.report import write_report
from pipelines.training.train import make_rows, read_rows, save_rows, train
from tests.models.fitted import fitted

SMALL = Params(
    late=LateParams(most_rows=3000, max_rounds=30, quantile_rounds=10, num_leaves=7, max_depth=3),
    default=DefaultParams(most_rows=6000, max_rounds=30, num_leaves=7, max_depth=3, every_months=2),
)
CUT = dt.date(2026, 8, 31)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    for target in ("late", "default"):
        rows = make_rows(fitted().ledger, target, CUT, SMALL)
        train(rows, target, "0123456789abcdef", SMALL, folder / target)
    return folder


def test_rows_come_back_as_they_were_kept(tmp_path: Path):
    rows = make_rows(fitted().ledger, "default", CUT, SMALL)
    save_rows(rows, "abc", tmp_path / "rows.parquet")
    again, data_hash = read_rows(tmp_path / "rows.parquet")
    assert data_hash == "abc"
    assert again.frame.equals(rows.frame)
    assert np.array_equal(again.label, rows.label)
    assert np.array_equal(again.owner, rows.owner)
    assert np.array_equal(again.day, rows.day)


def test_rows_of_another_target_are_refused():
    with pytest.raises(ModelError, match="late and default are known"):
        make_rows(fitted().ledger, "lateness", CUT, SMALL)


def test_a_ledger_too_short_to_label_says_so():
    short = as_known_on(fitted().ledger, dt.date(2024, 5, 31))
    with pytest.raises(NotEnoughDataError, match="too short"):
        make_rows(short, "default", dt.date(2024, 5, 31), SMALL)


def test_a_file_without_rows_is_refused(tmp_path: Path):
    with pytest.raises(ModelError, match="encours features"):
        read_rows(tmp_path / "none.parquet")


def test_a_training_leaves_model_measures_and_figures(trained: Path):
    for target in ("late", "default"):
        model = load(trained / target / "model")
        assert model.facts["data_hash"] == "0123456789abcdef"
        assert model.facts["period_ends"]["train"] < model.facts["period_ends"]["test"]
        measured = json.loads((trained / target / "metrics.json").read_text())
        assert {"auc", "average_precision", "brier", "log_loss", "calibration_error", "ks"} <= set(measured)
        for name in FIGURES:
            assert (trained / target / "figures" / f"{name}.png").read_bytes().startswith(b"\x89PNG")


def test_segments_are_measured_apart(trained: Path):
    segments = json.loads((trained / "late" / "segments.json").read_text())
    assert {"asked=at_issue", "asked=open"} <= set(segments)
    assert any(name.startswith("history=") for name in segments)
    assert any(name.startswith("sector=") for name in segments)


def test_training_twice_gives_the_same_model(trained: Path, tmp_path: Path):
    rows = make_rows(fitted().ledger, "default", CUT, SMALL)
    again = train(rows, "default", "0123456789abcdef", SMALL, tmp_path / "default")
    assert again.model.version == load(trained / "default" / "model").version


def test_evaluation_gathers_both_targets(trained: Path, tmp_path: Path):
    metrics = evaluate(trained, tmp_path / "evaluation")
    assert set(metrics) == {"late", "default"}
    for name in ("roc", "precision_recall", "reliability"):
        text = (tmp_path / "evaluation" / f"{name}.csv").read_text()
        assert ",late" in text
        assert ",default" in text


def test_evaluation_without_models_says_what_to_run(tmp_path: Path):
    with pytest.raises(ModelError, match="encours train late"):
        evaluate(tmp_path, tmp_path / "evaluation")


def test_the_report_shows_both_models_with_their_figures(trained: Path, tmp_path: Path):
    write_report(trained, tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "late30" in page
    assert "default12" in page
    assert page.count("data:image/png;base64,") == 2 * len(FIGURES)


def test_the_report_without_models_says_what_to_run(tmp_path: Path):
    with pytest.raises(ModelError, match="encours train"):
        write_report(tmp_path, tmp_path / "report.html")
