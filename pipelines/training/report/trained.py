"""A trained target as read from its folder: the model's facts and the findings."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models.errors import ModelError
from pipelines.training.comparison import ScoredRows
from pipelines.training.findings.document import FORMAT
from pipelines.training.row_files import read_rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FINDINGS = "report/findings.json"
"""The document of findings in a training's folder."""


@dataclass(frozen=True, slots=True)
class Trained:
    """Input of the pages.

    Parameters
    ----------
    target
        `late30` and the like, or `default12`.
    version
        The model's hash.
    facts
        Provenance of the model.
    findings
        The document of `pipelines.training.findings.document`.
    """

    target: str
    version: str
    facts: Mapping[str, Any]
    findings: Mapping[str, Any]

    @property
    def late(self) -> bool:
        """Whether the target is late payment."""
        return self.target.startswith("late")

    @property
    def days(self) -> str:
        """Days late beyond which a payment is bad, empty for default."""
        return self.target.removeprefix("late") if self.late else ""


def read_trained(folder: Path) -> Trained:
    """Read a training's folder.

    Raises
    ------
    ModelError
        The folder contains no trained model, or findings of another format.
    """
    try:
        model = json.loads((folder / "model" / "model.json").read_text(encoding="utf-8"))
        findings = json.loads((folder / FINDINGS).read_text(encoding="utf-8"))
        if findings["format"] != FORMAT:
            raise ModelError(
                f"{folder} holds findings of format {findings['format']}; {FORMAT} is read here: train again"
            )
        return Trained(model["target"], model["version"], model["facts"], findings)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{folder} holds no trained model: {error}; run `encours train`") from error


def answered(folder: Path) -> ScoredRows:
    """Read the test rows of a training with their predictions.

    Raises
    ------
    ModelError
        They are missing.
    """
    saved = read_rows(folder / "rows" / "test.parquet")
    if "probability" not in saved.answers:
        raise ModelError(f"{folder} was trained without keeping answers; run `encours train` again")
    return ScoredRows(saved.rows, saved.answers["probability"])
