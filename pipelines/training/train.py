"""Training of a target: rows, fit, metrics, findings, report, and a version in the registry."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from models.errors import ModelError, NotEnoughDataError
from models.features.build import CUSTOMER_FEATURES
from models.features.running import day_number
from models.learning.artifact import FittedModel, save, with_facts
from models.learning.days_late import SHARES
from models.learning.rows import DefaultRows, LateRows
from models.policy.document import load_policy
from pipelines.training.challenger import fit_challenger, write_challenger
from pipelines.training.drawing import draw
from pipelines.training.findings.document import evaluate_model
from pipelines.training.findings.material import Material
from pipelines.training.findings.peek import peek
from pipelines.training.findings.verdict import FAILED, FEW
from pipelines.training.fit import fit
from pipelines.training.late_fit import late_candidates
from pipelines.training.metrics import by_segment, measure, reliability
from pipelines.training.report.trained import FINDINGS
from pipelines.training.report.writing import write_pages
from pipelines.training.row_files import save_rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from models.arrays import Floats
    from models.learning.registry import Registry, Version
    from models.learning.rows import RowRequest, TrainingRows
    from models.policy.document import Policy
    from pipelines.ledger_parts import LedgerParts
    from pipelines.training.challenger import Challenger
    from pipelines.training.findings.peek import Peek
    from pipelines.training.params import Params
    from pipelines.training.plan import Fit
    from pipelines.workers import Workers

TARGETS = ("late", "default")
REFERENCE_ROWS = 5_000
"""Number of training rows stored with a version, as the reference for drift."""


@dataclass(frozen=True, slots=True)
class Training:
    """A trained target: the model to register, and its metrics on the test period.

    Parameters
    ----------
    verdict
        Overall result of the findings: `passed`, `look`, `few` or `failed`.
    failed
        The failed checks, by name.
    """

    model: FittedModel
    metrics: dict[str, float]
    segments: dict[str, dict[str, float]]
    folder: Path
    verdict: str
    failed: tuple[str, ...]


def make_rows(
    parts: LedgerParts, target: str, params: Params, workers: Workers | None = None
) -> tuple[TrainingRows, str]:
    """Draw a target's training rows from a ledger as known at the end of the parts' day.

    Parameters
    ----------
    workers
        This process if None.

    Returns
    -------
    The rows, and the fingerprint of the ledger.

    Raises
    ------
    ModelError
        The target is neither `late` nor `default`.
    NotEnoughDataError
        No row has a known outcome yet.
    """
    drawn = draw(parts, [_request(target, day_number(parts.as_of), params)], workers)
    (rows,) = drawn.rows
    if not len(rows):
        raise NotEnoughDataError(
            f"no row of {target} can be labelled by {parts.as_of}: the ledger is too short; use more months"
        )
    return rows, drawn.data_hash


def _request(target: str, cut: int, params: Params) -> RowRequest:
    late, default = params.late, params.default
    if target == "late":
        return LateRows(late.days, cut, late.most_rows, late.seed)
    if target == "default":
        return DefaultRows(cut, default.most_rows, default.seed, default.every_months)
    raise ModelError(f"target is {target!r}; {', '.join(TARGETS)} are known")


def look_ahead(
    parts: LedgerParts, target: str, rows: TrainingRows, params: Params, workers: Workers | None = None
) -> Peek:
    """Recompute some rows from the ledger as known on their day: they must be identical."""
    section = params.late if target == "late" else params.default
    return peek(parts, target, rows, section.seed, workers)


def train(
    rows: TrainingRows,
    target: str,
    data_hash: str,
    params: Params,
    folder: Path,
    *,
    looked: Peek | None = None,
    policy: Policy | None = None,
) -> Training:
    """Train a target, evaluate it on the test period, and write model, metrics and report to a folder.

    The folder contains `model/`, `scorecard/`, `report/` with findings, pages and model card,
    `rows/test.parquet` with predictions on the test period, `rows/reference.parquet` with a sample of the
    training rows, `metrics.json` and `segments.json`.

    Parameters
    ----------
    looked
        Result of `look_ahead`; the report states its absence.
    policy
        Policy for the value of decisions and the gate; the packaged one if None.
    """
    section = params.late if target == "late" else params.default
    name = f"late{params.late.days}" if target == "late" else "default12"
    plan = section.plan(name)
    fitted = fit(rows, plan)
    test = rows.take(fitted.split.test)
    if not len(test) or test.label.min() == test.label.max():
        return _untested(rows, fitted, data_hash, section.model_dump(mode="json"), folder)
    probability = fitted.test_probability
    metrics, segments = measure(test.label, probability), by_segment(test, probability)
    candidates = late_candidates(params.late.days) if target == "late" else CUSTOMER_FEATURES
    challenger = fit_challenger(rows, fitted.split, candidates, name, section.seed)
    if challenger.test_probability is not None:
        card_metrics = measure(test.label, challenger.test_probability)
        metrics |= {f"scorecard.{figure}": value for figure, value in card_metrics.items()}
    facts = _facts(rows, fitted, data_hash, section.model_dump(mode="json"), metrics)
    model = with_facts(fitted.kept, **facts)
    folder.mkdir(parents=True, exist_ok=True)
    save(model, folder / "model")
    _write_json(folder / "metrics.json", metrics)
    _write_json(folder / "segments.json", segments)
    _write_json(folder / "reliability.json", reliability(test.label, probability))
    write_challenger(challenger, folder / "scorecard")
    answers = _answers(test, fitted, challenger)
    _keep_rows(rows, test, answers, data_hash, folder / "rows")
    material = Material(plan, rows, fitted, challenger, answers, policy or load_policy(), looked)
    verdict, failed = _report(material, folder)
    return Training(model, metrics, segments, folder, verdict, failed)


def _untested(
    rows: TrainingRows, fitted: Fit, data_hash: str, section: Mapping[str, Any], folder: Path
) -> Training:
    """Write a model whose test period has no rows, or a single outcome, without a report."""
    test = rows.take(fitted.split.test)
    metrics = measure(test.label, fitted.test_probability) if len(test) else {}
    model = with_facts(fitted.kept, **_facts(rows, fitted, data_hash, section, metrics))
    write_untested(model, test, fitted.test_probability, metrics, folder)
    return Training(model, metrics, {}, folder, FEW, ())


def write_untested(
    model: FittedModel, test: TrainingRows, probability: Floats, metrics: Mapping[str, float], folder: Path
) -> None:
    """Write a model without a report: its test rows, if any, with its predictions and metrics."""
    folder.mkdir(parents=True, exist_ok=True)
    save(model, folder / "model")
    _write_json(folder / "metrics.json", metrics)
    _write_json(folder / "segments.json", {})
    save_rows(test, folder / "rows" / "test.parquet", answers={"probability": probability})


def _report(material: Material, folder: Path) -> tuple[str, tuple[str, ...]]:
    """Write findings and pages; return the verdict and the failed checks."""
    findings = evaluate_model(material)
    (folder / FINDINGS).parent.mkdir(exist_ok=True)
    _write_json(folder / FINDINGS, findings)
    write_pages(folder, folder / "report")
    failed = (check["name"] for check in findings["checks"] if check["status"] == FAILED)
    return findings["verdict"], tuple(failed)


def _answers(test: TrainingRows, fitted: Fit, challenger: Challenger) -> dict[str, Floats]:
    answers = {"probability": fitted.test_probability}
    if challenger.test_probability is not None:
        answers["scorecard"] = challenger.test_probability
    if fitted.tested.curve:
        quantiles = fitted.tested.days_late(test.frame)
        answers |= {f"days_late_p{round(share * 100)}": quantiles[:, k] for k, share in enumerate(SHARES)}
    return answers


def _keep_rows(
    rows: TrainingRows, test: TrainingRows, answers: Mapping[str, Floats], data_hash: str, folder: Path
) -> None:
    save_rows(test, folder / "test.parquet", data_hash, answers)
    chosen = np.random.default_rng(0).choice(len(rows), min(REFERENCE_ROWS, len(rows)), replace=False)
    save_rows(rows.take(np.sort(chosen)), folder / "reference.parquet", data_hash)


def register(training: Training, rows: TrainingRows, params: Params, registry: Registry) -> Version:
    """Record a training in the registry: parameters, metrics, report, card and model."""
    late = training.model.target.startswith("late")
    section = (params.late if late else params.default).model_dump()
    measured = {f"test.{name}": value for name, value in training.metrics.items()}
    for segment, figures in training.segments.items():
        place = segment.replace("=", ".").replace("+", "plus")
        measured |= {f"test.{place}.{name}": figures[name] for name in ("auc", "brier") if name in figures}
    made = {name: training.folder / name for name in ("rows", "scorecard", "report")}
    folders = {name: folder for name, folder in made.items() if folder.is_dir()}
    return registry.record(training.model, rows.frame, section, measured, folders)


def _facts(
    rows: TrainingRows, fitted: Fit, data_hash: str, section: Mapping[str, Any], metrics: Mapping[str, float]
) -> dict[str, Any]:
    days = np.array(fitted.split.last_days).astype("datetime64[D]").astype(str).tolist()
    return {
        "data_hash": data_hash,
        "rows": len(rows),
        "bad_share": float(rows.label.mean()) if len(rows) else None,
        "first_day": str(np.datetime64(int(rows.day.min()), "D")) if len(rows) else None,
        "period_ends": dict(zip(("train", "stop", "calibrate", "test"), days, strict=True)),
        "rounds": fitted.kept.additive.rounds,
        "calibration": asdict(fitted.kept.calibration),
        "parameters": dict(section),
        "test_metrics": dict(metrics),
    }


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")
