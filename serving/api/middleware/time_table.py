"""Times by name, in memory that the server processes of a machine may share.

Owns the table. What a time means is said where it is used: when a bucket is full again, until when an address
is trusted. The table has a fixed size; where a name finds no room, the earliest time of its set makes way.
"""

from __future__ import annotations

import fcntl
import hashlib
import mmap
import os
import struct
import threading
from typing import TYPE_CHECKING, Self

from models.errors import CreditError

if TYPE_CHECKING:
    from pathlib import Path

SETS, WAYS = 8_192, 8
"""A name has its place in one of the ways of one set: room for 65,536 names in 1 MB."""
_KEY_BYTES, _TIME = 8, struct.Struct("<d")
_SLOT_BYTES = _KEY_BYTES + _TIME.size
_SET_BYTES = WAYS * _SLOT_BYTES


class TimeTable:
    """A table of times by name; safe in threads, and between the processes that give the same file.

    Enter it to read or write, for a short block: no other thread or process does so meanwhile.

    Parameters
    ----------
    path
        The file, made where it lacks; without it the table is this process's own. Times are of
        `time.monotonic`, which all processes of a machine share until it restarts: the file must not outlive
        that.

    Raises
    ------
    CreditError
        The file cannot be opened.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._lock = threading.Lock()
        self._file: int | None = None
        if path is not None:
            try:
                self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
                os.ftruncate(self._file, SETS * _SET_BYTES)
            except OSError as error:
                raise CreditError(
                    f"requests cannot be counted in {path}: {error.strerror}; give ENCOURS_SHARED_LIMITS a "
                    "file in a folder that the server may write, such as /dev/shm/encours-limits"
                ) from error
        self._memory = mmap.mmap(-1 if self._file is None else self._file, SETS * _SET_BYTES)

    def __enter__(self) -> Self:
        self._lock.acquire()
        if self._file is not None:
            # The system takes this lock back from a process that dies.
            fcntl.flock(self._file, fcntl.LOCK_EX)
        return self

    def __exit__(self, *_error: object) -> None:
        if self._file is not None:
            fcntl.flock(self._file, fcntl.LOCK_UN)
        self._lock.release()

    def get(self, name: str) -> float:
        """Return the time of a name, 0 where there is none; the table is entered."""
        key = _key(name)
        at = self._find(key, _place(key))
        return 0.0 if at is None else self._time(at)

    def set(self, name: str, moment: float) -> None:
        """Write the time of a name; the table is entered."""
        key = _key(name)
        place = _place(key)
        at = self._find(key, place)
        if at is None:
            at = min(range(place, place + _SET_BYTES, _SLOT_BYTES), key=self._time)
        self._memory[at : at + _SLOT_BYTES] = key + _TIME.pack(moment)

    def close(self) -> None:
        """Unmap the table."""
        self._memory.close()
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _find(self, key: bytes, place: int) -> int | None:
        """Return where a key is in the set at a place, None where it is not."""
        at = self._memory.find(key, place, place + _SET_BYTES)
        while at >= 0 and (at - place) % _SLOT_BYTES:  # the bytes of a time may look like a key
            at = self._memory.find(key, at + 1, place + _SET_BYTES)
        return at if at >= 0 else None

    def _time(self, at: int) -> float:
        """Return the time in the slot at a place."""
        found: float = _TIME.unpack_from(self._memory, at + _KEY_BYTES)[0]
        return found


def _key(name: str) -> bytes:
    return hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=_KEY_BYTES).digest()


def _place(key: bytes) -> int:
    """Return where the set of a key begins."""
    return int.from_bytes(key[:4], "little") % SETS * _SET_BYTES
