"""The audit log's writer: entries that come together are written in one transaction.

Owns the queue and its one thread. Whoever answers somebody waits here until the entry is committed: nothing
is answered that is not in the log. Where the store is away, everybody who waits is told so.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from models.errors import StoreError
from serving.store.audit import prepare, prepare_written

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from serving.store import AuditEntry, Store
    from serving.store.audit import PreparedEntry, WrittenEntry

MOST_AT_ONCE = 512
"""Entries in one transaction, unless one caller brings more."""
COPIED_BACK_EVERY = 1_000
"""After so many entries the database is asked to copy them to where they belong."""
PATIENCE_S = 30.0

_Waiting = tuple["Callable[[], tuple[PreparedEntry, ...]]", "Future[None]"]


class Recorder:
    """Writes entries of the audit log, group by group; safe in threads.

    Parameters
    ----------
    store
        Opens the store, or raises `StoreError`.
    """

    def __init__(self, store: Callable[[], Store]) -> None:
        self._store = store
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._to_copy_back = 0
        self._copying = ThreadPoolExecutor(1, thread_name_prefix="copy-back")
        self._copied: Future[None] | None = None

    def submit(self, entries: Sequence[AuditEntry]) -> Future[None]:
        """Queue entries, which are written all or none; the future is done when they are committed.

        Raises
        ------
        StoreError
            An entry is not JSON, or the recorder is closed: the process ends.
        """
        # Here, not in the writer: many prepare at once, and a faulty entry fails alone.
        ready = tuple(prepare(entry) for entry in entries)
        return self.submit_made(lambda: ready)

    def submit_made(self, make: Callable[[], tuple[PreparedEntry, ...]]) -> Future[None]:
        """Queue entries that the writer itself prepares; otherwise as `submit`."""
        waiting: Future[None] = Future()
        with self._lock:
            if self._closed:
                raise StoreError("the audit log is closed: the process ends; ask again")
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="audit", daemon=True)
                self._thread.start()
            self._queue.put((make, waiting))
        return waiting

    def record(self, *entries: AuditEntry) -> None:
        """Return when the entries are committed; for code in a thread of its own.

        Raises
        ------
        StoreError
            They could not be written, or it took too long: do not answer.
        """
        _wait_for(self.submit(entries))

    def record_written(self, *entries: WrittenEntry) -> None:
        """Return when entries that are JSON text already are committed; otherwise as `record`."""
        ready = prepare_written(entries)
        _wait_for(self.submit_made(lambda: ready))

    def close(self) -> None:
        """Write what waits, then end."""
        with self._lock:
            self._closed, thread = True, self._thread
            self._queue.put(None)
        if thread is not None:
            thread.join(PATIENCE_S)
        self._copying.shutdown()

    def _run(self) -> None:
        ends = False
        while not ends:
            group, ends = self._next_group()
            if group:
                self._write(group)

    def _next_group(self) -> tuple[list[_Waiting], bool]:
        """Wait for one, then take what came with it; the second value says that nothing comes any more."""
        first = self._queue.get()
        if first is None:
            return [], True
        group = [first]
        while len(group) < MOST_AT_ONCE:
            try:
                following = self._queue.get_nowait()
            except Empty:
                break
            if following is None:
                return group, True
            group.append(following)
        return group, False

    def _write(self, group: Sequence[_Waiting]) -> None:
        """Write a group at once, and tell everybody who still waits what came of it."""
        prepared: list[PreparedEntry] = []
        written: list[Future[None]] = []
        for make, waiting in group:
            try:
                prepared += make()
                written.append(waiting)
            except Exception as error:  # noqa: BLE001  # as below; a faulty entry fails alone
                _tell(waiting, error)
        failed: Exception | None = None
        try:
            self._store().record_prepared(prepared)
        except Exception as error:  # noqa: BLE001  # whatever it is, those who wait must hear of it
            failed = error
        for waiting in written:
            _tell(waiting, failed)
        if failed is None:
            self._copy_back(len(prepared))

    def _copy_back(self, count: int) -> None:
        """Have entries copied to where they belong, now and then, in a thread that nobody waits for."""
        self._to_copy_back += count
        if self._to_copy_back >= COPIED_BACK_EVERY and (self._copied is None or self._copied.done()):
            self._to_copy_back = 0
            self._copied = self._copying.submit(_copy_back, self._store)


def _copy_back(store: Callable[[], Store]) -> None:
    try:
        store().copy_back()
    except StoreError as error:
        # Whoever commits does it then.
        import structlog  # noqa: PLC0415  # costs a tenth of a second, and little is logged

        structlog.get_logger().warning("not_copied_back", reason=str(error))


def _wait_for(written: Future[None]) -> None:
    try:
        written.result(PATIENCE_S)
    except TimeoutError as error:
        raise StoreError("the audit log could not be written in time; ask again") from error


def _tell(waiting: Future[None], error: Exception | None) -> None:
    if not waiting.set_running_or_notify_cancel():
        return
    if error is None:
        waiting.set_result(None)
    else:
        waiting.set_exception(error)
