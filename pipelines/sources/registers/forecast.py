"""The progress of a long task over many companies, and when it is expected to end."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

WINDOW = 200
"""Companies whose pace counts: cached answers come at once, and a register's pace changes."""


@dataclass(frozen=True, slots=True)
class TaskProgress:
    """Companies done and in total, the time, and the expected end; None before a pace is known."""

    done: int
    total: int
    now: dt.datetime
    ends_at: dt.datetime | None


class Forecast:
    """Expect the end from the pace of the latest companies.

    Parameters
    ----------
    done, total
        Companies done at the start, and in total.
    now
        Returns the current time.
    """

    def __init__(self, done: int, total: int, now: Callable[[], dt.datetime]) -> None:
        self._total, self._now = total, now
        self._latest: deque[tuple[int, dt.datetime]] = deque([(done, now())], maxlen=WINDOW + 1)

    def after(self, done: int) -> TaskProgress:
        """Return the progress after a company."""
        now = self._now()
        self._latest.append((done, now))
        first, began = self._latest[0]
        pace = (now - began) / (done - first) if done > first else None
        return TaskProgress(
            done, self._total, now, None if pace is None else now + pace * (self._total - done)
        )
