"""Runs commands as the console script does, in an empty folder with nothing of the environment's."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.cli import app as cli


@dataclass(frozen=True)
class Done:
    """What a command left: its exit code and what it wrote."""

    code: int
    out: str
    err: str


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder with nothing of the environment's."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(("ENCOURS_", "MLFLOW_"))]:
        monkeypatch.delenv(name)
    return tmp_path


@pytest.fixture
def run(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Done]:
    """Run the command as its console script does, in an empty folder."""

    def command(*words: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["encours", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        shown = capsys.readouterr()
        return Done(int(ended.value.code or 0), shown.out, shown.err)

    return command
