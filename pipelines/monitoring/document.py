"""Monitoring results as JSON for programs and as metrics for Prometheus.

Owns the formats, whose names are stable.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from prometheus_client import CollectorRegistry

    from pipelines.monitoring.monitor import Watch, Watched
    from pipelines.monitoring.verdict import MonitoringCheck
    from serving.store import Run


def document(found: Watch) -> dict[str, Any]:
    """Return all results as JSON values; days as text, non-finite figures as None."""
    values = {
        "as_of": found.as_of,
        "window_days": found.window_days,
        "retraining_due": found.due,
        "alerts": [_check(check) for check in found.alerts],
        "night": _night(found.night),
        "targets": [_target(one) for one in found.targets],
    }
    plain: dict[str, Any] = _plain(values)
    return plain


def write_json(found: Watch, path: Path) -> None:
    """Write all results as JSON."""
    text = json.dumps(document(found), indent=1, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def write_prometheus(found: Watch, path: Path) -> None:
    """Write metrics for the textfile collector of Prometheus' node exporter, atomically.

    Parameters
    ----------
    path
        Must end in `.prom`, or the collector ignores it.
    """
    from prometheus_client import write_to_textfile  # noqa: PLC0415  # only where it is written

    write_to_textfile(str(path), metrics(found))


def metrics(found: Watch) -> CollectorRegistry:
    """Return the metrics as gauges, labelled by target; unknown values are left out."""
    from prometheus_client import CollectorRegistry, Gauge  # noqa: PLC0415

    registry = CollectorRegistry()
    made: dict[str, Gauge] = {}
    for name, text, labels, value in _gauges(found):
        if name not in made:
            made[name] = Gauge(f"encours_{name}", text, list(labels), registry=registry)
        (made[name].labels(**labels) if labels else made[name]).set(value)
    return registry


def _gauges(found: Watch) -> Iterator[tuple[str, str, dict[str, str], float]]:
    """Yield name, help, labels and value of every metric."""
    for one in found.targets:
        labels = {"target": one.target}
        for name, text, value in _figures(one, found.drift_psi):
            if value is not None:
                yield name, text, labels, value
    for check in found.alerts:
        labels = {"target": check.target, "code": check.rule.code}
        yield "monitoring_alert", "1 for each alert of the last monitoring.", labels, 1.0
    yield (
        "monitored_as_of_timestamp_seconds",
        "The day the portfolio was watched as of.",
        {},
        _seconds(found.as_of),
    )
    if found.night is not None and found.night.published_at is not None:
        moment = found.night.published_at.timestamp()
        yield "last_night_timestamp_seconds", "When the scores that readers see were published.", {}, moment


def _figures(one: Watched, bar: float) -> Iterator[tuple[str, str, float | None]]:
    drifted = sum(moved.drifted(bar) for moved in one.inputs)
    yield "retraining_due", "1 where the champion should be trained again, else 0.", float(one.due)
    yield (
        "score_psi",
        "Population stability index of the scores against the test period.",
        (one.scores.shift.index),
    )
    yield (
        "score_mean_ratio",
        "Mean probability now over the test period's.",
        (one.scores.mean_now / one.scores.mean_before if one.scores.mean_before else None),
    )
    yield "input_psi_max", "Largest population stability index of an input.", one.inputs[0].shift.index
    yield "input_drifted_ratio", "Share of the inputs that drifted past the bar.", drifted / len(one.inputs)
    yield "questions", "How many of the newest questions were asked.", float(one.rows)
    yield (
        "model_age_days",
        "Days since the last event that the champion has learnt from.",
        float(one.age_days),
    )
    expected = one.expected[0]
    yield "estimated_auc", "AUC expected of the newest questions, from probabilities alone.", expected.now.auc
    yield "estimated_share", "Share of bad outcomes expected of the newest questions.", expected.now.bad_share
    yield "test_auc", "AUC on the test period.", expected.auc
    if one.realised is not None:
        whole = one.realised.whole
        yield (
            "matured_questions",
            "Questions the champion had not learnt, of known outcome.",
            float(whole.rows),
        )
        yield "predicted_share", "Mean probability on questions of known outcome.", whole.predicted
        yield "realised_share", "Share of bad outcomes on questions of known outcome.", whole.realised
        yield "realised_auc", "AUC on questions of known outcome.", whole.auc


def _seconds(day: dt.date) -> float:
    return dt.datetime.combine(day, dt.time(), dt.UTC).timestamp()


def _target(one: Watched) -> dict[str, Any]:
    return {
        "target": one.target,
        "version": one.version.number,
        "model_version": one.version.model_version,
        "learnt_until": one.learnt_until,
        "age_days": one.age_days,
        "retraining_due": one.due,
        "questions": one.rows,
        "customers": one.customers,
        "checks": [_check(check) for check in one.checks],
        "scores": asdict(one.scores),
        "realised": None if one.realised is None else asdict(one.realised),
        "expected": [asdict(moment) for moment in one.expected],
        "inputs": [asdict(moved) for moved in one.inputs],
    }


def _check(check: MonitoringCheck) -> dict[str, Any]:
    return {
        "code": check.rule.code,
        "target": check.target,
        "label_fr": check.rule.label_fr,
        "label_en": check.rule.label_en,
        "value": check.value,
        "bar": check.bar,
        "bar_is_least": check.rule.least,
        "fired": check.fired,
        "retraining_due": check.due,
        "text_fr": check.text_fr,
        "text_en": check.text_en,
    }


def _night(run: Run | None) -> dict[str, Any] | None:
    if run is None:
        return None
    return {
        "run_id": run.run_id,
        "as_of": run.key.as_of,
        "published_at": None if run.published_at is None else run.published_at.isoformat(),
        "late_model": run.key.late_model,
        "default_model": run.key.default_model,
    }


def _plain(value: Any) -> Any:  # noqa: ANN401  # JSON values of any kind
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
