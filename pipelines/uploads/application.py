"""The server's application with what only the pipelines can do: work on files that people hand in."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi import FastAPI

    from serving.usecases.uploads import Stage

APPLICATION = "pipelines.uploads.application:create_app"


def create_app() -> FastAPI:
    """Build the application that `encours serve` answers with."""
    from serving.app import create_app as create  # noqa: PLC0415  # costs a second at import

    return create(start_job=start_job)


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
