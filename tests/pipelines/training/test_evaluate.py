"""Both targets' measures and curves in one place."""

from pathlib import Path

import pytest

from models.errors import ModelError
from pipelines.training.evaluate import evaluate


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
