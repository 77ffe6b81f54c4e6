"""A registry that was moved or copied finds its own models, and leaves other stores' addresses alone."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from models.learning.registry import Registry
from models.learning.registry_files import relocate
from tests.models.fitted import fitted


def a_database(folder: Path, *locations: str) -> Path:
    (folder / "mlartifacts").mkdir(parents=True)
    with closing(sqlite3.connect(folder / "mlflow.db")) as connection, connection:
        connection.execute("CREATE TABLE experiments (artifact_location)")
        connection.execute("CREATE TABLE runs (artifact_uri)")
        for one in locations:
            connection.execute("INSERT INTO experiments VALUES (?)", (one,))
            connection.execute("INSERT INTO runs VALUES (?)", (f"{one}/1/artifacts",))
    return folder / "mlflow.db"


def addresses(database: Path) -> list[str]:
    with closing(sqlite3.connect(database)) as connection:
        found = "SELECT artifact_location FROM experiments UNION ALL SELECT artifact_uri FROM runs"
        return [one for (one,) in connection.execute(found)]


def test_addresses_follow_the_database(tmp_path: Path):
    database = a_database(tmp_path / "à côté", "file:///old%20place/mlartifacts", "s3://bucket/mlartifacts")
    here = (tmp_path / "à côté" / "mlartifacts").as_uri()
    for _ in range(2):
        relocate(database)
        assert addresses(database) == [
            here,
            "s3://bucket/mlartifacts",
            f"{here}/1/artifacts",
            "s3://bucket/mlartifacts/1/artifacts",
        ]


def test_artifacts_that_stayed_behind_keep_their_address(tmp_path: Path):
    database = a_database(tmp_path, "file:///old/mlartifacts")
    (tmp_path / "mlartifacts").rmdir()
    relocate(database)
    assert addresses(database)[0] == "file:///old/mlartifacts"
    relocate(tmp_path / "none.db")
    assert not (tmp_path / "none.db").exists()


@pytest.mark.slow
def test_a_moved_and_a_copied_registry_each_load_their_own_model(tmp_path: Path):
    registry = Registry(f"sqlite:///{tmp_path}/here/mlflow.db")
    model, rows = fitted().default, fitted().default_rows
    version = registry.record(model, rows.frame, {"seed": 7}, {}, {})
    registry.promote("default12", version.number)
    shutil.copytree(tmp_path / "here", tmp_path / "copied")
    (tmp_path / "here").rename(tmp_path / "moved")
    for name in ("copied", "moved"):
        found = Registry(f"sqlite:///{tmp_path}/{name}/mlflow.db")
        assert found.champion("default12").version == model.version
        again = found.record(model, rows.frame, {"seed": 8}, {}, {})
        assert found.load(again).version == model.version
        shutil.rmtree(tmp_path / name)
