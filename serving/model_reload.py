"""The assessor in use and its replacement: a new champion answers without a restart and without a pause.

Owns when to look for another one and the swap. While questions come, the old one answers until the new one is
loaded in the background, and for good where that fails. After a quiet time the first question waits for the
new one: nobody knows how long the old one has been old. What to look at and how to load is told from outside.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Generic, TypeVar

import structlog

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

T = TypeVar("T")

LOOK_EVERY_S = 1.0
"""A promotion is noticed within this time; between two looks nothing is asked."""
QUIET_S = 1.0
"""So long after a look was due and nobody asked, the one in use may have been replaced long ago."""
RETRY_AFTER_S = 30.0
"""What could not be loaded is not tried again at once: loading is heavy."""


def in_background(work: Callable[[], None]) -> None:
    """Run something in a thread of its own that does not keep the process alive."""
    threading.Thread(target=work, name="swap", daemon=True).start()


class Swapping(Generic[T]):
    """One thing in use, replaced when what it was made for changes; safe in threads.

    Parameters
    ----------
    load
        Makes a new one.
    wanted
        Tells what it should be made for; a change of it makes a new one load.
    clock
        Seconds that only rise.
    start
        Runs the loading of a replacement, in the background.
    """

    def __init__(
        self,
        load: Callable[[], T],
        wanted: Callable[[], Hashable],
        clock: Callable[[], float] = time.monotonic,
        start: Callable[[Callable[[], None]], None] = in_background,
    ) -> None:
        self._load, self._wanted, self._clock, self._start = load, wanted, clock, start
        self._current: tuple[Hashable, T] | None = None
        self._state, self._first = threading.Lock(), threading.Lock()
        self._loading = False
        self._look_at = 0.0

    def get(self) -> T:
        """Return the one in use; look first whether another is wanted, where it is time to.

        Raises
        ------
        Exception
            Whatever `wanted` raises; and what `load` raises while nothing is in use yet, which the next call
            tries again.
        """
        current = self._current
        if current is None:
            return self._get_first()
        if self._is_stale():
            return self._get_anew()
        if self._claim_look():
            self._look(current[0])
        return current[1]

    def in_use(self) -> T | None:
        """Return the one in use, None where there is none yet; nothing is looked at."""
        return None if self._current is None else self._current[1]

    def is_due(self) -> bool:
        """Tell whether the next `get` will look whether another is wanted, which may take its time."""
        return self._clock() >= self._look_at

    def _get_first(self) -> T:
        """Load while others wait: there is nothing to answer with meanwhile."""
        with self._first:
            if self._current is None:
                wanted = self._wanted()
                self._current = wanted, self._load()
                self._look_at = self._clock() + LOOK_EVERY_S
            return self._current[1]

    def _is_stale(self) -> bool:
        """Tell whether a look is overdue; one that is being loaded meanwhile was looked for."""
        return not self._loading and self._clock() >= self._look_at + QUIET_S

    def _get_anew(self) -> T:
        """Look, and load where another is wanted, while others wait."""
        with self._first:
            current = self._current
            if current is not None and self._is_stale():
                wanted = self._wanted()
                if wanted != current[0]:
                    self._replace(wanted)
                self._look_at = max(self._look_at, self._clock() + LOOK_EVERY_S)
        return self._get_first() if self._current is None else self._current[1]

    def _claim_look(self) -> bool:
        """Tell one of many callers at once that it is the one to look."""
        now = self._clock()
        with self._state:
            if self._loading or now < self._look_at:
                return False
            self._look_at = now + LOOK_EVERY_S
            return True

    def _look(self, made_for: Hashable) -> None:
        wanted = self._wanted()
        if wanted == made_for:
            return
        with self._state:
            if self._loading:
                return
            self._loading = True
        self._start(lambda: self._replace(wanted))

    def _replace(self, wanted: Hashable) -> None:
        """Load and swap; one assignment, so that a caller has the old one or the new one, whole."""
        log = structlog.get_logger()
        try:
            self._current = wanted, self._load()
            log.info("assessor_swapped", made_for=repr(wanted))
            with self._state:
                # Those who asked meanwhile did not look: that was no quiet time.
                self._look_at = max(self._look_at, self._clock() + LOOK_EVERY_S)
        except Exception as error:  # noqa: BLE001  # whatever it is, the old one goes on answering
            log.warning("assessor_not_swapped", made_for=repr(wanted), reason=repr(error))
            with self._state:
                self._look_at = self._clock() + RETRY_AFTER_S
        finally:
            with self._state:
                self._loading = False
