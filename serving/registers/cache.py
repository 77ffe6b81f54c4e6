"""Disk cache of answers: one dated JSON file per request, named by the hash of its address.

Owns the files, their age and their total size. A file that cannot be read is no answer; two processes may
share the folder, for files appear whole by a rename.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.errors import RegisterError

if TYPE_CHECKING:
    from pathlib import Path

_FREED = 0.9
"""Share of the allowed size retained by a cleanup, so that not every new answer causes one."""


@dataclass(frozen=True, slots=True)
class CachedResponse:
    """A cached answer: the document, None if not found, and the time of the answer."""

    document: object
    fetched_at: dt.datetime


class AnswerCache:
    """A folder of answers.

    Parameters
    ----------
    folder
        Made where it lacks, on the first answer.
    most_bytes
        The size from which the oldest answers are dropped.
    """

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self._folder, self._most = folder, most_bytes
        self._lock = threading.Lock()
        self._bytes: int | None = None

    def get(self, url: str) -> CachedResponse | None:
        """Return the cached answer of an address, whatever its age."""
        try:
            kept = json.loads(self._path(url).read_bytes())
            at = dt.datetime.fromisoformat(kept["fetched_at"])
            if kept["url"] != url or at.tzinfo is None:
                return None
            return CachedResponse(kept["document"], at)
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None

    def put(self, url: str, document: object, fetched_at: dt.datetime) -> None:
        """Cache an answer, replacing an older one.

        Raises
        ------
        RegisterError
            The folder cannot be written.
        """
        path = self._path(url)
        body = json.dumps({"url": url, "fetched_at": fetched_at.isoformat(), "document": document}).encode()
        draft = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(body)
            draft.replace(path)
        except OSError as error:
            raise RegisterError(
                f"the answers of registers cannot be kept in {self._folder}: {error.strerror}; give another "
                "folder in ENCOURS_REGISTERS_CACHE"
            ) from error
        self._account(len(body))

    def _path(self, url: str) -> Path:
        name = hashlib.sha256(url.encode()).hexdigest()
        return self._folder / name[:2] / f"{name}.json"

    def _account(self, added: int) -> None:
        """Delete the oldest answers if the folder is too large; a replaced one counts twice."""
        with self._lock:
            if self._bytes is not None and self._bytes + added <= self._most:
                self._bytes += added
                return
            found = []
            for path in self._folder.glob("*/*.json"):
                try:
                    state = path.stat()
                except FileNotFoundError:  # another process deleted it
                    continue
                found.append((state.st_mtime_ns, state.st_size, path))
            total = sum(size for _, size, _ in found)
            if total > self._most:
                for _, size, path in sorted(found):
                    if total <= self._most * _FREED:
                        break
                    path.unlink(missing_ok=True)
                    total -= size
            self._bytes = total
