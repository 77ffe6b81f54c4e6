"""An inter-process lock by file; the system releases it when its process ends."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from models.errors import LockHeldError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PATIENCE_S = 900.0
_LOOK_AGAIN_S = 0.05


@contextmanager
def locked(
    path: Path, *, waits: Callable[[str], None] = lambda _: None, patience_s: float = PATIENCE_S
) -> Iterator[None]:
    """Hold a lock for the block; wait while another process or thread holds it.

    Parameters
    ----------
    path
        The lock's file. Its holder may remove it: waiting processes then use the new one.
    waits
        Called once with the name of the holder ("process 4711") before waiting.
    patience_s
        Largest waiting time in seconds.

    Raises
    ------
    LockHeldError
        The lock was held for longer than `patience_s`.
    OSError
        The file cannot be opened.
    """
    while True:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            _take(lock, path, waits, patience_s)
            if not _is_at(lock, path):
                continue
            os.ftruncate(lock, 0)
            os.pwrite(lock, str(os.getpid()).encode(), 0)
            yield
            return
        finally:
            os.close(lock)


def _is_at(lock: int, path: Path) -> bool:
    """Return whether a lock's file is still in place, not removed during the wait."""
    try:
        return os.path.samestat(os.fstat(lock), path.stat())
    except FileNotFoundError:
        return False


def _take(lock: int, path: Path, waits: Callable[[str], None], patience_s: float) -> None:
    until, is_told = time.monotonic() + patience_s, False
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = f"process {os.pread(lock, 20, 0).decode('ascii', 'replace') or '?'}"
            if not is_told:
                waits(holder)
                is_told = True
            if time.monotonic() >= until:
                raise LockHeldError(
                    f"{path} has been held by {holder} for {patience_s:.0f} s; nothing was changed: wait "
                    "until it is done, or end it, and do this again"
                ) from error
            time.sleep(_LOOK_AGAIN_S)
        else:
            return
