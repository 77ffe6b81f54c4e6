"""Tracking and registry of models: the only code that knows MLflow.

Each training run is an MLflow run with its parameters, metrics, figures and the data's hash; each fitted
model is a version of a registered model, kept as text and JSON inside a pyfunc, and found by alias. Where
MLflow lives is `MLFLOW_TRACKING_URI`, a SQLite file under `data/` without it.
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
from models.learning.artifact import FittedModel, load, save

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd
    from mlflow import MlflowClient

CHAMPION = "champion"
EXPERIMENT = "encours"
TARGETS = {"late": "late30", "default": "default12"}
_URI = "MLFLOW_TRACKING_URI"
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


@dataclass(frozen=True, slots=True)
class TrialRun:
    """One set of parameters that a search tried.

    Parameters
    ----------
    state
        `complete`, `pruned` where it was given up as worse than others, or `failed` where it was cut short.
    loss
        What the search makes small; None where it was not tried to the end.
    began_ms, seconds
        When it began, since 1970, and how long it took; None where nobody saw it end.
    """

    number: int
    state: str
    parameters: Mapping[str, float]
    loss: float | None
    began_ms: int
    seconds: float | None


class Registry:
    """Where runs are recorded and models are found.

    Parameters
    ----------
    uri
        MLflow's tracking URI; `MLFLOW_TRACKING_URI` without it, else a SQLite file under `data/`.
    """

    def __init__(self, uri: str | None = None) -> None:
        self.uri = uri or os.environ.get(_URI) or f"sqlite:///{_default_folder()}/mlflow.db"

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
            A few rows of features: the input example, from which the signature is read.
        folders
            Folders whose files are logged with the run, by the name they get there.

        Raises
        ------
        ModelError
            MLflow kept the model without a signature or refused it.
        """
        with self._mlflow() as (mlflow, client), TemporaryDirectory() as scratch, redirect_stderr(StringIO()):
            # MLflow tells every step on the error stream; what goes wrong it raises.
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
        """Record what a search tried as child runs of the run that made a version."""
        with self._mlflow() as (mlflow, client):
            experiment = client.get_run(version.run_id).info.experiment_id
            for trial in trials:
                child = client.create_run(
                    experiment,
                    trial.began_ms,
                    {_PARENT: version.run_id, "target": version.target, "state": trial.state},
                    f"trial {trial.number}",
                )
                told = {"log_loss": trial.loss, "seconds": trial.seconds}
                client.log_batch(
                    child.info.run_id,
                    [
                        mlflow.entities.Metric(key, value, trial.began_ms, 0)
                        for key, value in told.items()
                        if value is not None
                    ],
                    [mlflow.entities.Param(key, str(value)) for key, value in trial.parameters.items()],
                )
                ended = trial.began_ms + round((trial.seconds or 0.0) * 1000)
                client.set_terminated(child.info.run_id, _ENDED[trial.state], ended)

    def promote(self, target: str, number: int) -> None:
        """Let a version answer from now on."""
        with self._mlflow() as (_, client):
            client.set_registered_model_alias(_PREFIX + target, CHAMPION, str(number))

    def champion(self, target: str) -> FittedModel:
        """Load the model that answers.

        Raises
        ------
        NoChampionError
            None was promoted.
        ModelError
            Its files are gone, or are not those that were registered.
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
        """Load any version's model.

        Raises
        ------
        ModelError
            Its files are gone, or are not those that were registered.
        """
        with self._mlflow() as (mlflow, _):
            return _fitted(mlflow, version)

    def file(self, version: Version, path: str) -> Path:
        """Fetch a file that was logged with a version's run.

        Raises
        ------
        ModelError
            The run holds no such file.
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
        """Return what was measured when a version was trained, by name; `test.auc` and the like.

        Raises
        ------
        ModelError
            The run is gone.
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
        """Return every version of a target's model, newest first."""
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
        local = self.uri.startswith("sqlite:///")
        place = (Path(self.uri.removeprefix("sqlite:///")).resolve().parent / "mlartifacts").as_uri()
        return str(client.create_experiment(EXPERIMENT, artifact_location=place if local else None))

    @contextmanager
    def _mlflow(self) -> Iterator[tuple[Any, MlflowClient]]:
        """Lend MLflow, pointed at the registry and quiet."""
        if self.uri.startswith("sqlite:///"):
            Path(self.uri.removeprefix("sqlite:///")).resolve().parent.mkdir(parents=True, exist_ok=True)
        os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
        os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
        with warnings.catch_warnings():
            # MLflow and what it imports warn of their own deprecations; nothing of ours passes through them.
            warnings.simplefilter("ignore")
            import mlflow  # noqa: PLC0415  # costs seconds at import

            for name in ("mlflow", "alembic"):
                logging.getLogger(name).setLevel(logging.ERROR)
            with _environment_kept(_URI):
                mlflow.set_tracking_uri(self.uri)
                mlflow.set_registry_uri(self.uri)
                yield mlflow, mlflow.MlflowClient(self.uri, self.uri)


def _fitted(mlflow: Any, version: Version) -> FittedModel:  # noqa: ANN401  # MLflow's own module
    name = f"{_PREFIX}{version.target}/{version.number}"
    try:
        place = Path(mlflow.artifacts.download_artifacts(artifact_uri=f"models:/{name}"))
    except (mlflow.exceptions.MlflowException, OSError) as error:
        raise ModelError(
            f"the files of version {version.number} of {version.target} are gone: {error}; "
            "put its artifact folder back, or train and promote another version"
        ) from error
    return load(place / "artifacts" / _ARTIFACT, version.model_version)


@contextmanager
def _environment_kept(name: str) -> Iterator[None]:
    """Undo what MLflow writes into a variable: the next registry would take this one's place for its own."""
    before = os.environ.get(name)
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = before


def _default_folder() -> Path:
    return Path("data").resolve()
