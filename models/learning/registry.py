"""Tracking and registry of models: the only module that uses MLflow.

Each training run is an MLflow run with its parameters, metrics, figures and the data's hash; each fitted
model is a version of a registered model, stored as text and JSON inside a pyfunc, and looked up by alias. The
tracking URI is `MLFLOW_TRACKING_URI`, or a SQLite file under `data/`.
"""

from __future__ import annotations

import logging
import os
import warnings
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from models.errors import ModelError, NoChampionError
from models.learning.artifact import FittedModel, load, read_files, save
from models.learning.registry_files import ARTIFACTS, URI_VARIABLE, database_of, default_uri, relocate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd
    from mlflow import MlflowClient

CHAMPION = "champion"
EXPERIMENT = "encours"
TARGETS = {"late": "late30", "default": "default12"}
_PREFIX = "encours-"
_ARTIFACT = "fitted"
_PARENT = "mlflow.parentRunId"
_ENDED = {"complete": "FINISHED", "pruned": "KILLED", "failed": "FAILED"}


@dataclass(frozen=True, slots=True)
class Version:
    """One registered version of a target's model."""

    target: str
    number: int
    model_version: str
    run_id: str
    aliases: tuple[str, ...]
    created_ms: int

    @property
    def is_champion(self) -> bool:
        """Whether the registry's alias marks it as the champion."""
        return CHAMPION in self.aliases


@dataclass(frozen=True, slots=True)
class TrialRun:
    """One trial of a hyperparameter search.

    Parameters
    ----------
    state
        `complete`, `pruned` where it was stopped as worse than others, or `failed` where it was interrupted.
    loss
        The search's objective, minimized; None for an unfinished trial.
    began_ms, seconds
        Start time, since 1970, and duration; None where the end was not recorded.
    """

    number: int
    state: str
    parameters: Mapping[str, float]
    loss: float | None
    began_ms: int
    seconds: float | None


class Registry:
    """MLflow store of training runs and registered models.

    Parameters
    ----------
    uri
        MLflow's tracking URI; `MLFLOW_TRACKING_URI` without it, else a SQLite file under `data/`.
    """

    def __init__(self, uri: str | None = None) -> None:
        self.uri = uri or default_uri()

    def record(
        self,
        model: FittedModel,
        example: pd.DataFrame,
        parameters: Mapping[str, Any],
        metrics: Mapping[str, float],
        folders: Mapping[str, Path],
    ) -> Version:
        """Record a training run and register its model.

        Parameters
        ----------
        example
            A few rows of features: MLflow's input example, from which the signature is inferred.
        folders
            Folders whose files are logged with the run, by artifact name.

        Raises
        ------
        ModelError
            MLflow refused the model or stored it without a signature.
        """
        with self._mlflow() as (mlflow, client), TemporaryDirectory() as scratch, redirect_stderr(StringIO()):
            # MLflow reports each step on stderr; failures are raised.
            folder = Path(scratch) / _ARTIFACT
            save(model, folder)
            with mlflow.start_run(experiment_id=self._experiment(client), run_name=model.target):
                mlflow.log_params({key: str(value) for key, value in parameters.items()})
                mlflow.log_metrics(dict(metrics))
                mlflow.set_tags({"target": model.target, "data_hash": str(model.facts.get("data_hash", ""))})
                for name, files in folders.items():
                    mlflow.log_artifacts(str(files), name)
                info = mlflow.pyfunc.log_model(
                    name=model.target,
                    python_model=str(Path(__file__).with_name("served_model.py")),
                    artifacts={_ARTIFACT: str(folder)},
                    registered_model_name=_PREFIX + model.target,
                    input_example=example[list(model.features)].head(3),
                    pip_requirements=["lightgbm", "numpy", "pandas"],
                )
            if info.signature is None:
                raise ModelError(
                    f"MLflow kept {model.target} without a signature; its columns must be floats"
                )
            number = str(info.registered_model_version)
            client.set_model_version_tag(_PREFIX + model.target, number, "model_version", model.version)
            return self._version(client.get_model_version(_PREFIX + model.target, number), model.target)

    def record_trials(self, version: Version, trials: Sequence[TrialRun]) -> None:
        """Record a search's trials as child runs of the run that trained a version."""
        with self._mlflow() as (mlflow, client):
            experiment = client.get_run(version.run_id).info.experiment_id
            for trial in trials:
                child = client.create_run(
                    experiment,
                    trial.began_ms,
                    {_PARENT: version.run_id, "target": version.target, "state": trial.state},
                    f"trial {trial.number}",
                )
                metrics = {"log_loss": trial.loss, "seconds": trial.seconds}
                client.log_batch(
                    child.info.run_id,
                    [
                        mlflow.entities.Metric(key, value, trial.began_ms, 0)
                        for key, value in metrics.items()
                        if value is not None
                    ],
                    [mlflow.entities.Param(key, str(value)) for key, value in trial.parameters.items()],
                )
                ended = trial.began_ms + round((trial.seconds or 0.0) * 1000)
                client.set_terminated(child.info.run_id, _ENDED[trial.state], ended)

    def promote(self, target: str, number: int) -> None:
        """Make a version the champion."""
        with self._mlflow() as (_, client):
            client.set_registered_model_alias(_PREFIX + target, CHAMPION, str(number))

    def champion(self, target: str) -> FittedModel:
        """Load the champion of a target.

        Raises
        ------
        NoChampionError
            None was promoted.
        ModelError
            Its files are missing or differ from those registered.
        """
        with self._mlflow() as (mlflow, client):
            try:
                found = client.get_model_version_by_alias(_PREFIX + target, CHAMPION)
            except mlflow.exceptions.MlflowException as error:
                raise NoChampionError(
                    f"no model answers for {target} yet; run `encours train late` and "
                    "`encours train default`, then `encours promote`"
                ) from error
            return _fitted(mlflow, self._version(found, target))

    def load(self, version: Version) -> FittedModel:
        """Load the model of any version.

        Raises
        ------
        ModelError
            Its files are missing or differ from those registered.
        """
        with self._mlflow() as (mlflow, _):
            return _fitted(mlflow, version)

    def files(self, version: Version) -> dict[str, str]:
        """Return the files of a version's model, unchanged; see `models.learning.artifact.from_files`.

        Raises
        ------
        ModelError
            They are missing or are no text.
        """
        with self._mlflow() as (mlflow, _):
            return read_files(_folder(mlflow, version))

    def file(self, version: Version, path: str) -> Path:
        """Fetch a file logged with a version's run.

        Raises
        ------
        ModelError
            The run has no such file.
        """
        with self._mlflow() as (mlflow, _):
            try:
                return Path(mlflow.artifacts.download_artifacts(run_id=version.run_id, artifact_path=path))
            except (mlflow.exceptions.MlflowException, OSError) as error:
                raise ModelError(
                    f"version {version.number} of {version.target} was recorded without {path}: {error}; "
                    "train it again"
                ) from error

    def metrics(self, version: Version) -> dict[str, float]:
        """Return the metrics recorded at a version's training, by name, such as `test.auc`.

        Raises
        ------
        ModelError
            The run is missing.
        """
        with self._mlflow() as (mlflow, client):
            try:
                return dict(client.get_run(version.run_id).data.metrics)
            except mlflow.exceptions.MlflowException as error:
                which = f"version {version.number} of {version.target}"
                raise ModelError(f"the run of {which} is gone: {error}; train it again") from error

    def pyfunc(self, target: str) -> Any:  # noqa: ANN401  # MLflow's own class
        """Load the champion the way MLflow serves it."""
        with self._mlflow() as (mlflow, _):
            return mlflow.pyfunc.load_model(f"models:/{_PREFIX}{target}@{CHAMPION}")

    def versions(self, target: str) -> list[Version]:
        """Return all versions of a target's model, newest first; none without MLflow's database."""
        database = database_of(self.uri)
        if database is not None and not database.exists():
            # Reading must not make it: of processes that start together, all but one would fail.
            return []
        with self._mlflow() as (_, client):
            found = client.search_model_versions(f"name = '{_PREFIX}{target}'")
            whole = [client.get_model_version(version.name, version.version) for version in found]
        return sorted((self._version(v, target) for v in whole), key=lambda v: -v.number)

    @staticmethod
    def _version(found: Any, target: str) -> Version:  # noqa: ANN401  # MLflow's own class
        return Version(
            target,
            int(found.version),
            found.tags.get("model_version", ""),
            found.run_id,
            tuple(found.aliases),
            int(found.creation_timestamp),
        )

    def _experiment(self, client: MlflowClient) -> str:
        found = client.get_experiment_by_name(EXPERIMENT)
        if found is not None:
            return str(found.experiment_id)
        database = database_of(self.uri)
        place = None if database is None else (database.parent / ARTIFACTS).as_uri()
        return str(client.create_experiment(EXPERIMENT, artifact_location=place))

    @contextmanager
    def _mlflow(self) -> Iterator[tuple[Any, MlflowClient]]:
        """Provide MLflow with the registry's URI set and logging reduced."""
        database = database_of(self.uri)
        if database is not None:
            database.parent.mkdir(parents=True, exist_ok=True)
            relocate(database)
        os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
        os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
        with warnings.catch_warnings():
            # MLflow and its imports warn of their own deprecations; none of our code runs in this block.
            warnings.simplefilter("ignore")
            import mlflow  # noqa: PLC0415  # costs seconds at import

            for name in ("mlflow", "alembic"):
                logging.getLogger(name).setLevel(logging.ERROR)
            with _environment_kept(URI_VARIABLE):
                mlflow.set_tracking_uri(self.uri)
                mlflow.set_registry_uri(self.uri)
                yield mlflow, mlflow.MlflowClient(self.uri, self.uri)


def _fitted(mlflow: Any, version: Version) -> FittedModel:  # noqa: ANN401  # MLflow's own module
    return load(_folder(mlflow, version), version.model_version)


def _folder(mlflow: Any, version: Version) -> Path:  # noqa: ANN401  # MLflow's own module
    """Return the folder of a version's files, fetched where they are elsewhere."""
    name = f"{_PREFIX}{version.target}/{version.number}"
    try:
        place = Path(mlflow.artifacts.download_artifacts(artifact_uri=f"models:/{name}"))
    except (mlflow.exceptions.MlflowException, OSError) as error:
        raise ModelError(
            f"the files of version {version.number} of {version.target} are gone: {error}; "
            "put its artifact folder back, or train and promote another version"
        ) from error
    return place / "artifacts" / _ARTIFACT


@contextmanager
def _environment_kept(name: str) -> Iterator[None]:
    """Restore a variable that MLflow sets: another registry would otherwise take this one's URI."""
    before = os.environ.get(name)
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = before
