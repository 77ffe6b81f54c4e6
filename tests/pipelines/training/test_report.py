"""The page shows both models, and says what to run where there is none."""

from pathlib import Path

import pytest

from models.errors import ModelError
from pipelines.training.figures import FIGURES
from pipelines.training.report import write_report


def test_the_report_shows_both_models_with_their_figures(trained: Path, tmp_path: Path):
    write_report(trained, tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "late30" in page
    assert "default12" in page
    assert page.count("data:image/png;base64,") == 2 * len(FIGURES)


def test_the_report_without_models_says_what_to_run(tmp_path: Path):
    with pytest.raises(ModelError, match="encours train"):
        write_report(tmp_path, tmp_path / "report.html")
