"""Assessments a second of one serving process, beside an empty FastAPI route with the same body validation.

Run as `python -m benchmarks.serve [--demo FOLDER] [--rounds N] [--seconds S] [--workers N]`. FOLDER is the
`data` folder of a demo (`encours demo --no-serve`); without it one is made first, in about three minutes. One
server runs as `encours serve` does, the other as uvicorn does by itself; they are measured in turn: empty,
assessments, empty, ... An assessment is authenticated, counted, computed for a random customer, amount and
terms with reasons and limit, and entered in the audit log before it goes out, in a copy of the demo's store.
The first second, in which every customer must be read from the store, is told apart. The CPU is that of all
workers.
"""

from __future__ import annotations

import argparse
import os
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.peers import markdown
from serving.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

CONNECTIONS = 32
OURS = "from serving.process import run; run('127.0.0.1', {port}, {workers})"
EMPTY = """import uvicorn
uvicorn.run("benchmarks.empty_route:create_app", factory=True, port={port}, access_log=False)"""
WARM_S = 4.0
WARM_QUESTIONS = 5
"""So many questions a customer come before anything is measured: all but one in 150 are cached then."""
NO_LIMIT = "1000000000"
"""So much may be asked in a minute: every question is counted, none is refused."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What one run of the load says; the CPU seconds are the server's and the client's own."""

    per_s: float
    p50_ms: float
    p99_ms: float
    server_us: float
    client_share: float


def make_demo(folder: Path) -> Path:
    """Run the demo into a folder and return its data."""
    data = folder / "data"
    command = str(Path(sys.executable).with_name("encours"))
    subprocess.run([command, "demo", "--no-serve"], env=environment(data), check=True)  # noqa: S603  # ours
    return data


def environment(data: Path, store: Path | None = None) -> dict[str, str]:
    """Return the environment of a process that works on a demo's data."""
    return {
        **os.environ,
        "ENCOURS_STORE_URL": f"sqlite:///{store or data / 'encours.db'}",
        "MLFLOW_TRACKING_URI": f"sqlite:///{data / 'mlflow.db'}",
        "ENCOURS_WORK": str(data),
        "ENCOURS_RATE_PER_MINUTE": NO_LIMIT,
    }


def copy_store(source: Path, target: Path) -> tuple[str, list[str]]:
    """Copy a store, so that the load's entries do not go into it; return a key and the customers' ids."""
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)
    with closing(open_store(f"sqlite:///{target}")) as store:
        run = store.current_run()
        if run is None:
            raise SystemExit(f"{source} holds no published scores; give --demo the data folder of a demo")
        return store.add_key("load", "sales"), [row.customer_id for row in store.summaries(run.run_id)]


@contextmanager
def serving(code: str, env: dict[str, str], ready: str, workers: int = 1) -> Iterator[tuple[int, int]]:
    """Run an application in processes of its own until it is left; give its port and first process id."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-c", code.format(port=port, workers=workers)], env=env)  # noqa: S603  # ours
    try:
        wait_for(f"http://127.0.0.1:{port}{ready}", process)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(60)


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until an address answers."""
    for _ in range(600):
        if process.poll() is not None:
            raise SystemExit(f"the server ended with {process.returncode} before it was ready")
        try:
            with urllib.request.urlopen(url, timeout=60):  # noqa: S310  # our own server
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    raise SystemExit(f"{url} does not answer")


def measure(port: int, pid: int, path: str, key: str, seconds: float, customers: Path, seed: int) -> Figures:
    """Load a server from a process of its own."""
    words = (port, path, key, seconds, CONNECTIONS, customers, seed)
    before = cpu_s(pid)
    done = subprocess.run(  # noqa: S603  # our own command
        [sys.executable, "-m", "benchmarks.load", *map(str, words)],
        check=True,
        capture_output=True,
        text=True,
    )
    count, took, p50, p99, own = map(float, done.stdout.split())
    return Figures(count / took, p50, p99, (cpu_s(pid) - before) / count * 1e6, own / took)


def cpu_s(pid: int) -> float:
    """Return the CPU seconds that a process and those that it started have used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") + sum(
        map(cpu_s, map(int, children))
    )


def compare(data: Path, folder: Path, rounds: int, seconds: float, workers: int) -> None:
    """Measure both in turn and print what came of it."""
    store, customers = folder / "load.db", folder / "customers.txt"
    key, ids = copy_store(data / "encours.db", store)
    customers.write_text("\n".join(ids), encoding="utf-8")
    env = environment(data, store)
    rows, ratios = [], []
    with (
        serving(OURS, env, "/readyz", workers) as ours,
        serving(EMPTY, env, "/openapi.json") as empty,
    ):
        cold = measure(*ours, "/v1/assessments", key, 1.0, customers, 0)
        warmed = 0.0
        while warmed < WARM_QUESTIONS * len(ids):
            warmed += WARM_S * measure(*ours, "/v1/assessments", key, WARM_S, customers, round(warmed)).per_s
        measure(*empty, "/empty", key, 2.0, customers, 1)
        for at in range(rounds):
            other = measure(*empty, "/empty", key, seconds, customers, 2 * at + 2)
            own = measure(*ours, "/v1/assessments", key, seconds, customers, 2 * at + 3)
            ratios.append(own.per_s / other.per_s)
            rows += [
                [f"{at + 1} empty", *told(other), ""],
                [f"{at + 1} assessments", *told(own), f"{ratios[-1]:.2f}"],
            ]
    head = [
        "round",
        "requests/s",
        "p50 ms",
        "p99 ms",
        "server CPU µs a request",
        "client's share of a core",
        "ratio",
    ]
    print(
        f"{len(ids)} customers, {CONNECTIONS} connections, {seconds:g} s a run, "
        f"{workers} worker{'s' * (workers > 1)} on {os.cpu_count()} cores"
    )
    print(markdown(head, [["first second, nothing read yet", *told(cold), ""], *rows]))
    print(f"ratio: median {statistics.median(ratios):.2f}, from {min(ratios):.2f} to {max(ratios):.2f}")


def told(one: Figures) -> list[str]:
    """Return figures as they stand in a table."""
    return [
        f"{one.per_s:,.0f}",
        f"{one.p50_ms:.1f}",
        f"{one.p99_ms:.1f}",
        f"{one.server_us:.0f}",
        f"{one.client_share:.2f}",
    ]


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demo", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--workers", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        compare(
            (asked.demo or make_demo(folder)).resolve(), folder, asked.rounds, asked.seconds, asked.workers
        )


if __name__ == "__main__":
    main()
