"""How long `encours train` takes, stage by stage: each target on made-up ledgers of a few sizes.

The whole command runs in a process of its own, as a user runs it, with a new MLflow database; its stages are
timed from within. Seconds of the clock, then of the processor: where other work shares the cores, the second
say more.

Run as `python -m benchmarks.training_time [customers ...]`.
"""

from __future__ import annotations

import datetime as dt
import importlib
import json
import os
import resource
import subprocess
import sys
import time
from functools import wraps
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from benchmarks.peers import markdown

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = (150, 2_000)
MONTHS, SEED = 36, 7
TARGETS = ("late", "default")
STAGES = {
    "rows": ("pipelines.training.train", "make_rows"),
    "rows made again": ("pipelines.training.train", "look_ahead"),
    "models": ("pipelines.training.train", "fit"),
    "scorecard": ("pipelines.training.train", "fit_challenger"),
    "figures": ("pipelines.training.train", "draw_figures"),
    "findings": ("pipelines.training.train", "evaluate_model"),
    "pages": ("pipelines.training.train", "write_pages"),
    "MLflow": ("pipelines.training.train", "register"),
}
"""Functions that stages spend their time in, by the module that calls them by name."""

Seconds = tuple[float, float]


def main(sizes: tuple[int, ...]) -> None:
    print(f"{dt.datetime.now(tz=dt.UTC).date()}, {os.cpu_count()} cores, {MONTHS} months, seed {SEED}\n")
    with TemporaryDirectory() as scratch:
        seconds = {
            (target, size): measured(target, _ledger(size, Path(scratch)), Path(scratch))
            for size in sizes
            for target in TARGETS
        }
    lines = [
        [stage, *(f"{seconds[run][stage][0]:.1f} ({seconds[run][stage][1]:.1f})" for run in seconds)]
        for stage in (*STAGES, "the rest", "all")
    ]
    print(
        markdown(["seconds (of the processor)", *(f"{target}, {size:,}" for target, size in seconds)], lines)
    )


def measured(target: str, ledger: Path, scratch: Path) -> dict[str, Seconds]:
    """Train in another process and return what each stage took, what is left, and the whole."""
    with TemporaryDirectory(dir=scratch) as work:
        begin, used = time.perf_counter(), _processor(resource.RUSAGE_CHILDREN)
        run = subprocess.run(  # noqa: S603  # this very module
            [sys.executable, "-m", "benchmarks.training_time", target, str(ledger), f"{work}/stages.json"],
            env={
                **os.environ, "ENCOURS_WORK": work, "MLFLOW_TRACKING_URI": f"sqlite:///{work}/mlflow.db"
            },
            capture_output=True,
            text=True,
            check=False,
        )  # fmt: skip
        whole = time.perf_counter() - begin, _processor(resource.RUSAGE_CHILDREN) - used
        if run.returncode:
            sys.exit(run.stderr)
        stages = json.loads(Path(work, "stages.json").read_text(encoding="utf-8"))
    seconds = {stage: (float(stages[stage][0]), float(stages[stage][1])) for stage in STAGES}
    rest = (whole[k] - sum(one[k] for one in seconds.values()) for k in (0, 1))
    return {**seconds, "the rest": (next(rest), next(rest)), "all": whole}


def train(target: str, ledger: str, out: str) -> None:
    """Run the command with its stages timed, and write what they took."""
    seconds = dict.fromkeys(STAGES, (0.0, 0.0))
    for stage, (module, name) in STAGES.items():
        place = importlib.import_module(module)
        setattr(place, name, _timed(getattr(place, name), stage, seconds))
    from pipelines.cli.app import app  # imports what is timed

    app(["train", target, "--ledger", ledger], standalone_mode=False)
    Path(out).write_text(json.dumps(seconds), encoding="utf-8")


def _timed(work: Callable[..., Any], stage: str, seconds: dict[str, Seconds]) -> Callable[..., Any]:
    @wraps(work)
    def timed(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  # passed on as they come
        begin, used = time.perf_counter(), _processor(resource.RUSAGE_SELF)
        try:
            return work(*args, **kwargs)
        finally:
            seconds[stage] = time.perf_counter() - begin, _processor(resource.RUSAGE_SELF) - used

    return timed


def _processor(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def _ledger(customers: int, scratch: Path) -> Path:
    from pipelines.demo.simulator import simulate, write_demo  # what trains does not need it

    folder = scratch / f"{customers}"
    if not folder.is_dir():
        write_demo(*simulate(customers, MONTHS, SEED), folder)
    return folder


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] in TARGETS:
        train(*sys.argv[1:])
    else:
        main(tuple(int(size) for size in sys.argv[1:]) or SIZES)
