"""Workers that score the parts of a ledger: this process, a pool of processes, or a Dask cluster.

Owns the order of results, the bound on parts in flight, and the repetition of parts that a lost worker had.
A worker only reads the ledger's files; the process of the nightly run alone writes to the store, so that one
connection suffices, and a part is written once however often it was scored.
"""

from __future__ import annotations

import copyreg
import os
import pickle
from collections import deque
from concurrent.futures import CancelledError, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import lru_cache
from multiprocessing import get_context
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from models.errors import NightError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Executor, Future

Job = TypeVar("Job")
Task = TypeVar("Task")
Result = TypeVar("Result")

MOST_LOSSES = 5
"""Number of times that workers may be lost before a night gives up."""
PARTS_FOR_A_POOL = 4
"""Number of parts from which processes save more than their start costs."""
_WAIT_S = 10


def _read_only(mapping: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(mapping)


copyreg.pickle(MappingProxyType, lambda mapping: (_read_only, (dict(mapping),)))
"""A policy holds read-only mappings, which Python alone does not pickle."""


class Workers(Protocol):
    """Runs a function on tasks."""

    def run(self, work: Callable[[Job, Task], Result], job: Job, tasks: Iterable[Task]) -> Iterator[Result]:
        """Yield `work(job, task)` for each task, in their order; the first error ends all."""


class ThisProcess:
    """Runs one task after the other in this process."""

    def run(self, work: Callable[[Job, Task], Result], job: Job, tasks: Iterable[Task]) -> Iterator[Result]:
        """Yield `work(job, task)` for each task."""
        return (work(job, task) for task in tasks)


class OnExecutor:
    """Runs tasks on an executor of `concurrent.futures`, a bounded number at once.

    Parameters
    ----------
    open_executor
        Opens the executor, again after its workers were lost.
    at_once
        Number of tasks in flight: one that runs and one that waits for each worker.
    """

    def __init__(self, open_executor: Callable[[], Executor], at_once: int) -> None:
        self._open, self._at_once = open_executor, at_once
        self._executor = open_executor()

    def run(self, work: Callable[[Job, Task], Result], job: Job, tasks: Iterable[Task]) -> Iterator[Result]:
        """Yield `work(job, task)` for each task; what a lost worker had is run again.

        Raises
        ------
        NightError
            Workers were lost too often, or the cluster is gone.
        """
        shared, left, losses = pickle.dumps((work, job)), iter(tasks), 0
        running: deque[tuple[Task, Future[Any]]] = deque()
        while True:
            while len(running) < self._at_once and (task := next(left, None)) is not None:
                running.append((task, self._submit(shared, task)))
            if not running:
                return
            try:
                result = running[0][1].result()
            except (BrokenProcessPool, CancelledError) as error:
                losses += 1
                if losses > MOST_LOSSES:
                    raise NightError(
                        f"the workers were lost {losses} times; look at their memory and their logs, then "
                        "run the command again: a night goes on where it stopped"
                    ) from error
                self.close()
                self._executor = self._open()
                running = deque((task, self._submit(shared, task)) for task, _ in running)
                continue
            running.popleft()
            yield result

    def close(self) -> None:
        """Stop the workers without waiting for tasks that have not begun."""
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _submit(self, shared: bytes, task: object) -> Future[Any]:
        return self._executor.submit(_run, shared, task)


def _run(shared: bytes, task: object) -> object:
    """Run one task in a worker."""
    work, job = _unpickled(shared)
    return work(job, task)


@lru_cache(maxsize=1)
def _unpickled(shared: bytes) -> Any:  # noqa: ANN401  # a function and its first argument
    return pickle.loads(shared)  # noqa: S301  # written by the process that started this one


@contextmanager
def workers_for(parts: int, processes: int | None = None, dask: str | None = None) -> Iterator[Workers]:
    """Give the workers of a night: a Dask cluster, a pool of processes, or this process for few parts.

    Parameters
    ----------
    processes
        Number of processes; the number of cores if None, and this process where the parts are few.
    dask
        Address of a Dask scheduler, such as `tcp://10.0.0.5:8786`, whose workers can read the ledger's
        folder.

    Raises
    ------
    NightError
        The scheduler cannot be reached, has no workers, or one part kills them all.
    """
    cores = os.cpu_count() or 1
    wanted = processes or (cores if parts >= PARTS_FOR_A_POOL else 1)
    if dask is not None:
        with _dask_executor(dask) as (executor, size):
            yield OnExecutor(lambda: executor, 2 * size)
    elif wanted == 1:
        yield ThisProcess()
    else:
        # Spawned: a fork of a process with threads can hang.
        pool = OnExecutor(lambda: ProcessPoolExecutor(wanted, get_context("spawn")), 2 * wanted)
        try:
            yield pool
        finally:
            pool.close()


@contextmanager
def _dask_executor(address: str) -> Iterator[tuple[Executor, int]]:
    """Connect to a Dask scheduler; yield an executor on its workers, and their number."""
    try:
        from distributed import Client, KilledWorker  # noqa: PLC0415  # an extra
    except ImportError as error:
        raise NightError("--dask needs the extra dask: install encours[dask]") from error
    try:
        client = cast("Any", Client)(address, timeout=_WAIT_S)
    except (OSError, ValueError, MemoryError, AssertionError) as error:
        # What is no scheduler may answer with a length that no memory holds; Dask asserts that its own loop
        # began within ten seconds, which a machine under load may miss.
        raise NightError(f"the Dask scheduler at {address} cannot be reached: {error}") from error
    with client:
        size = len(client.scheduler_info(n_workers=-1)["workers"])
        if not size:
            raise NightError(f"the Dask scheduler at {address} has no workers; start some, then try again")
        try:
            yield client.get_executor(), size
        except KilledWorker as error:
            raise NightError(
                f"every worker of the Dask scheduler at {address} that had one of the parts was killed; look "
                "at their memory and their logs, then run the command again: a night goes on where it stopped"
            ) from error
