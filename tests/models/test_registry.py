"""What is registered is found again by alias, and nothing answers before it was promoted."""

from pathlib import Path

import pytest

from models.errors import ModelError, NoChampionError
from models.registry import Registry
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
    assert registry.file(first, "evaluation/roc.png").read_bytes() == b"\x89PNG"
    with pytest.raises(ModelError, match="train it again"):
        registry.file(second, "evaluation/roc.png")
    assert not list(tmp_path.rglob("*.pkl"))
    assert registry.metrics(second) == {"test.auc": 0.76}
    assert Registry().uri != registry.uri
