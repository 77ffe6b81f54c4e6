"""A training's folder tells all a page needs, and what is missing or old is said."""

import json
import shutil
from pathlib import Path

import pytest

from models.errors import ModelError
from models.learning.artifact import load
from pipelines.training.report.trained import FINDINGS, answered, read_trained
from pipelines.training.row_files import save_rows
from tests.models.fitted import fitted


def test_a_folder_tells_target_version_and_findings(trained: Path):
    found = read_trained(trained / "late")
    assert (found.target, found.days, found.late) == ("late30", "30", True)
    assert found.version == load(trained / "late" / "model").version
    assert found.findings["verdict"] in ("passed", "look", "few", "failed")
    assert read_trained(trained / "default").days == ""


def test_a_folder_without_a_model_says_what_to_run(tmp_path: Path):
    with pytest.raises(ModelError, match="encours train"):
        read_trained(tmp_path)


def test_findings_of_another_format_are_refused(trained: Path, tmp_path: Path):
    folder = tmp_path / "late"
    shutil.copytree(trained / "late", folder)
    told = json.loads((folder / FINDINGS).read_text(encoding="utf-8"))
    (folder / FINDINGS).write_text(json.dumps({**told, "format": 0}))
    with pytest.raises(ModelError, match="findings of format 0"):
        read_trained(folder)
    (folder / FINDINGS).write_text("{")
    with pytest.raises(ModelError, match="encours train"):
        read_trained(folder)


def test_answers_on_the_test_period_come_with_their_rows(trained: Path, tmp_path: Path):
    asked = answered(trained / "default")
    assert len(asked.rows) == len(asked.probability)
    save_rows(fitted().default_rows, tmp_path / "rows" / "test.parquet")
    with pytest.raises(ModelError, match="without keeping answers"):
        answered(tmp_path)
