"""Time from a command to its answer, each in a fresh process, and what it imports for that.

Run as `python -m benchmarks.startup [--demo FOLDER] [--rounds N]`. FOLDER is the `data` folder of a demo
(`encours demo --no-serve`); without it one is made first. Commands write to a copy of the demo's store. Each
runs once before it is measured, so that the disk is warm and loops are compiled; rounds go through all
commands in turn. CPU is user and system time of the process: on a busy machine it is the steadier figure. The
floors are what a command cannot go below: Python itself, and Typer with Rich. The server is ready when
`/readyz` answers 200.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.peers import markdown
from benchmarks.serve import copy_store, environment, make_demo

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PYTHON = (sys.executable, "-c")
ENCOURS = (sys.executable, "-c", "from pipelines.cli.app import main; main()")
SERVER = "from serving.process import run; run('127.0.0.1', {port})"
MOST_IMPORTS = 8
_IMPORT = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \| (\s*)(\S+)")
_LOOK_S = 0.01
_PATIENCE_S = 120.0


@dataclass(frozen=True, slots=True)
class ProcessTime:
    """Seconds of one process from its start to its end, or until it was ready."""

    wall_s: float
    cpu_s: float


def commands(customer: str) -> dict[str, tuple[str, ...]]:
    """Return what is measured, by name."""
    day, later = "2026-01-31", "2026-06-30"
    order = ("--amount", "2000", "--terms", "30")
    until = f"{dt.datetime.now(dt.UTC) + dt.timedelta(days=7):%Y-%m-%d}"
    override = (
        "override",
        "set",
        customer,
        "--limit",
        "100",
        "--reason",
        "measuring how fast it answers",
        "--until",
        until,
    )
    return {
        "Python alone": (*PYTHON, "pass"),
        "Typer and Rich alone": (*PYTHON, "import typer, rich.console, rich.table"),
        "encours --help": (*ENCOURS, "--help"),
        "encours penalty": (*ENCOURS, "penalty", "--amount", "1250", "--due", day, "--paid", later),
        "encours keys list": (*ENCOURS, "keys", "list"),
        "encours override list": (*ENCOURS, "override", "list"),
        "encours override set": (*ENCOURS, *override),
        "encours score": (*ENCOURS, "score", customer, *order),
        "encours decide": (*ENCOURS, "decide", customer, *order),
    }


def timed(command: Sequence[str], env: Mapping[str, str]) -> ProcessTime:
    """Run a command to its end."""
    began = time.perf_counter()
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603  # ours
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return ProcessTime(time.perf_counter() - began, used.ru_utime + used.ru_stime)


def until_ready(env: Mapping[str, str]) -> ProcessTime:
    """Start a server and end it as soon as it is ready."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    began = time.perf_counter()
    process = subprocess.Popen([*PYTHON, SERVER.format(port=port)], env=env)  # noqa: S603  # ours
    try:
        while not _is_ready(port):
            if process.poll() is not None or time.perf_counter() - began > _PATIENCE_S:
                raise SystemExit("the server does not become ready; its log says why")
            time.sleep(_LOOK_S)
        wall_s = time.perf_counter() - began
        fields = Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return ProcessTime(wall_s, (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"))
    finally:
        process.terminate()
        process.wait(60)


def _is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10) as answer:  # ours
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError):
        return False


def heaviest_imports(command: Sequence[str], env: Mapping[str, str]) -> list[tuple[str, float]]:
    """Return the packages whose own modules take longest to import, with their milliseconds."""
    python, *rest = command
    traced = [python, "-X", "importtime", *rest]
    done = subprocess.run(traced, env=env, capture_output=True, text=True, check=False)  # noqa: S603  # ours
    own: dict[str, float] = {}
    for micros, _, _, name in _IMPORT.findall(done.stderr):
        package = name.partition(".")[0]
        own[package] = own.get(package, 0.0) + int(micros) / 1000
    return sorted(own.items(), key=lambda item: -item[1])[:MOST_IMPORTS]


def measure(data: Path, folder: Path, rounds: int) -> None:
    """Measure every command in turn and print the table, then the heaviest imports."""
    store = folder / "startup.db"
    _, customers = copy_store(data / "encours.db", store)
    env, asked = environment(data, store), commands(customers[0])
    for command in asked.values():
        timed(command, env)
    until_ready(env)
    runs: dict[str, list[ProcessTime]] = {name: [] for name in [*asked, "server ready"]}
    for _ in range(rounds):
        for name, command in asked.items():
            runs[name].append(timed(command, env))
        runs["server ready"].append(until_ready(env))
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, median of {rounds} runs")
    head = ["", "seconds", "fastest", "CPU seconds"]
    print(markdown(head, [[name, *_cells(found)] for name, found in runs.items()]))
    for name in ("encours --help", "encours keys list", "encours score"):
        packages = ", ".join(f"{package} {ms:.0f}" for package, ms in heaviest_imports(asked[name], env))
        print(f"{name}, ms of importing by package: {packages}")


def _cells(runs: Sequence[ProcessTime]) -> list[str]:
    walls, cpu = [one.wall_s for one in runs], [one.cpu_s for one in runs]
    return [f"{statistics.median(walls):.2f}", f"{min(walls):.2f}", f"{statistics.median(cpu):.2f}"]


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demo", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        measure((asked.demo or make_demo(folder)).resolve(), folder, asked.rounds)


if __name__ == "__main__":
    main()
