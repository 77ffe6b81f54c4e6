"""The server's application with what only the pipelines can do: import files, and change the models."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi import FastAPI

    from serving.usecases.model_changes import ModelJob, ModelJobResult
    from serving.usecases.uploads import Stage

MODEL_JOB_S = 600
"""After so many seconds a job on models is ended."""
APPLICATION = "pipelines.uploads.application:create_app"


def create_app() -> FastAPI:
    """Build the application that `encours serve` answers with."""
    from serving.app import create_app as create  # noqa: PLC0415  # costs a second at import

    return create(start_job=start_job, run_model_job=run_model_job)


def start_job(folder: Path, stage: Stage) -> None:
    """Start the job of an upload in a process of its own, which goes on where the server ends."""
    with (folder / "job.log").open("ab") as log:
        subprocess.Popen(  # noqa: S603  # our own module; folder and stage are made by the server
            [sys.executable, "-m", "pipelines.uploads.job", str(folder), stage],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def run_model_job(job: ModelJob) -> ModelJobResult:
    """Run a job on versions of the models in a process of its own, and wait for its end.

    Raises
    ------
    ModelError
        It failed, or took too long.
    """
    from models.errors import ModelError  # noqa: PLC0415  # as above
    from serving.usecases.model_changes import ModelJobResult  # noqa: PLC0415  # as above

    command = [sys.executable, "-m", "pipelines.model_job"]
    asked = job.model_dump_json().encode()
    try:
        done = subprocess.run(command, input=asked, capture_output=True, timeout=MODEL_JOB_S, check=True)  # noqa: S603  # our own module
    except subprocess.TimeoutExpired as error:
        raise ModelError(f"the job on models took more than {MODEL_JOB_S} seconds and was ended") from error
    except subprocess.CalledProcessError as error:
        sys.stderr.buffer.write(error.stderr)
        raise ModelError("the job on models failed; the server's output has the details") from error
    return ModelJobResult.model_validate_json(done.stdout)
