"""Metrics and plots of both targets for DVC."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pandas as pd

from models.errors import ModelError
from pipelines.training.figures import precision_points, roc_points
from pipelines.training.metrics import reliability
from pipelines.training.row_files import read_rows

if TYPE_CHECKING:
    from pathlib import Path

CURVE_POINTS = 200


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
        false, true = roc_points(label, probability)
        _add(curves["roc"], target, false_positive=false, true_positive=true)
        recall, precision = precision_points(label, probability)
        _add(curves["precision_recall"], target, recall=recall, precision=precision)
        curves["reliability"].append(pd.DataFrame(reliability(label, probability)).assign(target=target))
    out.mkdir(parents=True, exist_ok=True)
    for name, frames in curves.items():
        pd.concat(frames, ignore_index=True).round(6).to_csv(out / f"{name}.csv", index=False)
    text = json.dumps(metrics, indent=1, allow_nan=False)
    (out / "metrics.json").write_text(text + "\n", encoding="utf-8")
    return metrics


def _add(frames: list[pd.DataFrame], target: str, **columns: Any) -> None:  # noqa: ANN401  # arrays by name
    frame = pd.DataFrame(columns).assign(target=target)
    step = max(len(frame) // CURVE_POINTS, 1)
    frames.append(frame.iloc[::step])
