"""What is registered is found again by alias, and nothing answers before it was promoted."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from models.errors import ModelError, NoChampionError
from models.learning.registry import Registry, TrialRun
from tests.models.fitted import fitted


@pytest.mark.slow
def test_a_model_is_recorded_promoted_replaced_and_found(tmp_path: Path):
    registry = Registry(f"sqlite:///{tmp_path}/mlflow.db")
    figures = tmp_path / "figures"
    figures.mkdir()
    (figures / "roc.png").write_bytes(b"\x89PNG")
    with pytest.raises(NoChampionError, match="encours train default"):
        registry.champion("default12")
    rows, model = fitted().default_rows, fitted().default
    first = registry.record(model, rows.frame, {"seed": 7}, {"test.auc": 0.75}, {"evaluation": figures})
    with pytest.raises(NoChampionError):
        registry.champion("default12")
    registry.promote("default12", first.number)
    found = registry.champion("default12")
    assert found.version == model.version
    assert list(found.probability(rows.frame)) == list(model.probability(rows.frame))
    second = registry.record(model, rows.frame, {"seed": 8}, {"test.auc": 0.76}, {})
    assert [version.number for version in registry.versions("default12")] == [second.number, first.number]
    assert registry.versions("default12")[1].aliases == ("champion",)
    assert registry.load(second).version == model.version
    with pytest.raises(ModelError, match="is registered: its files were changed"):
        registry.load(replace(second, model_version="0" * 12))
    assert registry.file(first, "evaluation/roc.png").read_bytes() == b"\x89PNG"
    with pytest.raises(ModelError, match="train it again"):
        registry.file(second, "evaluation/roc.png")
    assert not list(tmp_path.rglob("*.pkl"))
    assert registry.metrics(second) == {"test.auc": 0.76}
    assert Registry().uri != registry.uri
    shutil.rmtree(tmp_path / "mlartifacts" / "models")
    with pytest.raises(ModelError, match="the files of version 1 of default12 are gone"):
        registry.champion("default12")


@pytest.mark.slow
def test_what_a_search_tried_is_kept_as_child_runs_of_the_training(tmp_path: Path):
    registry = Registry(f"sqlite:///{tmp_path}/mlflow.db")
    version = registry.record(fitted().default, fitted().default_rows.frame, {"seed": 7}, {}, {})
    tried = [
        TrialRun(0, "complete", {"num_leaves": 15, "lambda_l2": 5.0}, 0.25, 1_000_000, 2.5),
        TrialRun(1, "pruned", {"num_leaves": 31, "lambda_l2": 0.1}, None, 1_003_000, 1.0),
        TrialRun(2, "failed", {}, None, 1_005_000, None),
    ]
    registry.record_trials(version, tried)
    with registry._mlflow() as (_, client):
        parent = client.get_run(version.run_id)
        found = client.search_runs(
            [parent.info.experiment_id], f"tags.mlflow.parentRunId = '{version.run_id}'"
        )
    runs = {run.info.run_name: run for run in found}
    assert set(runs) == {"trial 0", "trial 1", "trial 2"}
    first = runs["trial 0"]
    assert first.data.params == {"num_leaves": "15", "lambda_l2": "5.0"}
    assert first.data.metrics == {"log_loss": 0.25, "seconds": 2.5}
    assert (first.info.status, first.info.start_time, first.info.end_time) == (
        "FINISHED",
        1_000_000,
        1_002_500,
    )
    assert [runs[f"trial {n}"].info.status for n in (1, 2)] == ["KILLED", "FAILED"]
    assert [runs[f"trial {n}"].data.tags["state"] for n in (1, 2)] == ["pruned", "failed"]
    assert runs["trial 1"].data.metrics == {"seconds": 1.0}
    assert [one.number for one in registry.versions("default12")] == [version.number]


def test_reading_makes_no_database(tmp_path: Path):
    assert Registry(f"sqlite:///{tmp_path}/mlflow.db").versions("default12") == []
    assert list(tmp_path.iterdir()) == []
