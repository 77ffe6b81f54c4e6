"""What was found is told to programs as strict JSON and as figures that Prometheus reads."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
from prometheus_client.parser import text_string_to_metric_families

from pipelines.monitoring.document import document, write_json, write_prometheus
from pipelines.monitoring.monitor import Watch
from tests.pipelines.monitoring.conftest import NIGHT


def gauges(found: Watch, folder: Path) -> dict[str, dict[str, float]]:
    """Return what Prometheus reads: by name, the value by target."""
    write_prometheus(found, folder / "encours.prom")
    families = list(text_string_to_metric_families((folder / "encours.prom").read_text(encoding="utf-8")))
    assert all(family.documentation and family.type == "gauge" for family in families)
    return {
        family.name: {sample.labels.get("target", ""): sample.value for sample in family.samples}
        for family in families
    }


def test_prometheus_reads_every_figure_with_its_target(watched: Watch, tmp_path: Path):
    found = gauges(watched, tmp_path)
    late, default = watched.targets
    for name, value in (
        ("score_psi", lambda one: one.scores.shift.index),
        ("input_psi_max", lambda one: max(moved.shift.index for moved in one.inputs)),
        ("estimated_auc", lambda one: one.expected[0].now.auc),
        ("model_age_days", lambda one: one.age_days),
        ("retraining_due", lambda one: float(one.due)),
        ("questions", lambda one: one.rows),
    ):
        assert found[f"encours_{name}"] == {"late30": value(late), "default12": value(default)}, name
    assert late.realised is not None
    assert found["encours_realised_share"]["late30"] == late.realised.whole.realised
    assert found["encours_predicted_share"]["late30"] == late.realised.whole.predicted
    assert found["encours_last_night_timestamp_seconds"] == {"": NIGHT.published_at.timestamp()}
    assert list(tmp_path.iterdir()) == [tmp_path / "encours.prom"]


def test_what_is_not_known_is_no_figure(watched: Watch, tmp_path: Path):
    unknown = replace(
        watched, night=None, targets=tuple(replace(one, realised=None) for one in watched.targets)
    )
    found = gauges(unknown, tmp_path)
    assert not {"encours_realised_share", "encours_last_night_timestamp_seconds"} & set(found)


def test_each_alert_is_a_figure_of_its_own(watched: Watch, tmp_path: Path):
    write_prometheus(watched, tmp_path / "encours.prom")
    text = (tmp_path / "encours.prom").read_text(encoding="utf-8")
    told = {
        (sample.labels["target"], sample.labels["code"])
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if family.name == "encours_monitoring_alert"
    }
    assert told == {(check.target, check.rule.code) for check in watched.alerts} != set()


def test_the_document_is_strict_json_and_says_everything(watched: Watch, tmp_path: Path):
    write_json(watched, tmp_path / "monitoring.json")
    read = json.loads((tmp_path / "monitoring.json").read_text(encoding="utf-8"), parse_constant=float)
    assert read == document(watched)
    assert read["as_of"] == watched.as_of.isoformat()
    assert read["retraining_due"] == watched.due
    assert read["night"]["as_of"] == "2026-03-30"
    assert [one["target"] for one in read["targets"]] == ["late30", "default12"]
    for one, found in zip(read["targets"], watched.targets, strict=True):
        assert len(one["inputs"]) == len(found.inputs)
        assert {check["code"] for check in one["checks"]} == {check.rule.code for check in found.checks}
    for alert in read["alerts"]:
        assert alert["text_fr"]
        assert alert["text_en"]
        assert alert["value"] is not None
        assert alert["bar"] is not None


def test_a_figure_that_is_not_finite_is_told_as_unknown(watched: Watch):
    late, default = watched.targets
    assert late.realised is not None
    broken = replace(late, realised=replace(late.realised, auc_low=-np.inf))
    told = document(replace(watched, targets=(broken, default)))
    assert told["targets"][0]["realised"]["auc_low"] is None
    json.dumps(told, allow_nan=False)
