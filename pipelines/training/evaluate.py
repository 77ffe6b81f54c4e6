"""Metrics and plots of both targets for DVC."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pandas as pd

from models.errors import ModelError
from pipelines.training.findings.discrimination import precision_recall, roc
from pipelines.training.metrics import reliability
from pipelines.training.row_files import read_rows

if TYPE_CHECKING:
    from pathlib import Path


def evaluate(models: Path, out: Path) -> dict[str, dict[str, float]]:
    """Collect metrics and curves of the trained targets under `models` into `out`.

    Writes `metrics.json`, and `roc.csv`, `precision_recall.csv` and `reliability.csv` with a column `target`.

    Raises
    ------
    ModelError
        A target was not trained in `models`.
    """
    metrics: dict[str, dict[str, float]] = {}
    curves: dict[str, list[pd.DataFrame]] = {"roc": [], "precision_recall": [], "reliability": []}
    for target in ("late", "default"):
        folder = models / target
        try:
            metrics[target] = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ModelError(
                f"{folder} holds no trained model: {error}; run `encours train {target}`"
            ) from error
        saved = read_rows(folder / "rows" / "test.parquet")
        label, probability = saved.rows.label, saved.answers["probability"]
        if (curve := roc(label, probability)) is not None:
            _add(curves["roc"], target, false_positive=curve.x, true_positive=curve.y)
        if (curve := precision_recall(label, probability)) is not None:
            _add(curves["precision_recall"], target, recall=curve.x, precision=curve.y)
        curves["reliability"].append(pd.DataFrame(reliability(label, probability)).assign(target=target))
    out.mkdir(parents=True, exist_ok=True)
    for name, frames in curves.items():
        pd.concat(frames or [pd.DataFrame()], ignore_index=True).round(6).to_csv(
            out / f"{name}.csv", index=False
        )
    text = json.dumps(metrics, indent=1, allow_nan=False)
    (out / "metrics.json").write_text(text + "\n", encoding="utf-8")
    return metrics


def _add(frames: list[pd.DataFrame], target: str, **columns: Any) -> None:  # noqa: ANN401  # points by name
    frames.append(pd.DataFrame(columns).assign(target=target))
