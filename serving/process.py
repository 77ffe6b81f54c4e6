"""The serving processes: they answer until they are told to end, then drain.

Owns how many there are and how they end. At SIGTERM no new connection is taken, requests in flight are
answered, what waits for the audit log is written, and the process ends with 0. Several workers take
connections from one socket; their parent starts one anew where it was killed, and they end where it was.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import tempfile
import threading
from contextlib import contextmanager
from multiprocessing import connection
from typing import TYPE_CHECKING, Any

from serving.api.middleware.time_table import TimeTable
from serving.settings import Settings

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator
    from multiprocessing.context import SpawnProcess

APPLICATION = "serving.app:create_app"
SHARED_MEMORY = "/dev/shm"  # noqa: S108  # the file has a name of its own, and is its owner's alone


def run(host: str, port: int, workers: int | None = None, application: str = APPLICATION) -> None:
    """Answer over HTTP until told to end; never returns after SIGTERM.

    Parameters
    ----------
    workers
        How many processes answer; as the environment says without it.
    application
        What makes the application, as `module:function`.

    Raises
    ------
    pydantic.ValidationError
        The environment holds what it may not.
    CreditError
        The file in which requests are counted cannot be opened.
    """
    settings = Settings()
    count = workers or settings.workers
    os.environ["ENCOURS_WORKERS"] = str(count)
    # Who asked what is in the audit log; a line a request on the console would say less and cost more.
    options: dict[str, Any] = {"factory": True, "host": host, "port": port, "ws": "none", "access_log": False}
    if count == 1:
        _serve(application, options)
        return
    with _shared_limits(settings):
        sys.exit(_supervise(count, application, options))


def _serve(application: str, options: dict[str, Any], bound: socket.socket | None = None) -> None:
    """Answer in this process."""
    import uvicorn  # noqa: PLC0415  # costs a tenth of a second at import

    # uvicorn raises the signal again once it has drained: that is the end, and a good one.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(0))
    if bound is None:
        uvicorn.run(application, **options)
        return
    server = uvicorn.Server(uvicorn.Config(application, **options))
    server.run(sockets=[bound])
    if not server.started:
        sys.exit(1)


def _supervise(count: int, application: str, options: dict[str, Any]) -> int:
    """Keep workers answering on one socket until told to end; return the exit code.

    A worker that was killed is replaced. One that failed by itself would fail again: all end.
    """
    import uvicorn  # noqa: PLC0415  # as above

    bound = uvicorn.Config(application, **options).bind_socket()
    told, tell = connection.Pipe(duplex=False)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: tell.send_bytes(b"end"))
    workers = [_start(application, options, bound) for _ in range(count)]
    code = 0
    while not code and not told.poll():
        connection.wait([told, *(one.sentinel for one in workers)])
        ended = [one for one in workers if one.exitcode is not None]
        code = max([0, *(one.exitcode or 0 for one in ended)])
        if not code and not told.poll():
            workers = [_start(application, options, bound) if one in ended else one for one in workers]
    for one in workers:
        one.terminate()
    for one in workers:
        one.join()
    return code


def _start(application: str, options: dict[str, Any], bound: socket.socket) -> SpawnProcess:
    # Spawned, not forked: a fork would copy locks that other threads hold.
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_work, args=(application, options, bound), name="worker")
    process.start()
    return process


def _work(application: str, options: dict[str, Any], bound: socket.socket) -> None:
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    try:
        _serve(application, options, bound)
    except KeyboardInterrupt:
        # The terminal told the parent and every worker; this one has drained.
        sys.exit(0)


def _end_with_parent() -> None:
    """Drain once the parent is gone: nobody would end this process, and it would keep the port."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


@contextmanager
def _shared_limits(settings: Settings) -> Iterator[None]:
    """Name the workers a file in which they count requests together, where the environment names none."""
    if settings.shared_limits is not None:
        # Opened here too: a worker could refuse it with a traceback only.
        TimeTable(settings.shared_limits).close()
        yield
        return
    # In memory where there is such a folder: nobody tidies it up while the workers run.
    folder = SHARED_MEMORY if os.access(SHARED_MEMORY, os.W_OK) else None
    with tempfile.NamedTemporaryFile(prefix="encours-limits-", dir=folder) as file:
        os.environ["ENCOURS_SHARED_LIMITS"] = file.name
        yield
