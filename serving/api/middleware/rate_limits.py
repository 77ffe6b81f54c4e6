"""How much anybody may ask in a minute: token buckets in this process.

Owns the counting. Who is counted and what is answered beyond the limit is said where a limit is used.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from serving.api.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_BUCKETS = 10_000


class TokenBuckets:
    """One bucket a name: each question takes a token, and tokens flow back evenly; safe in threads.

    A refused request takes nothing of any bucket: a caller refused by one name cannot use up another's.

    Parameters
    ----------
    per_minute
        How many tokens flow back in a minute; with 0 nothing is limited.
    burst
        How many a full bucket holds: what may be asked at once.
    clock
        Seconds that only rise.
    """

    def __init__(self, per_minute: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second, self._burst, self._clock = per_minute / 60, burst, clock
        self._buckets: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def take(self, *names: str, count: int = 1) -> float:
        """Take tokens of every name's bucket; return 0, or the seconds until all have them, taking none.

        Parameters
        ----------
        count
            How many of each. More than a bucket holds are taken of a full one, which then owes the rest.
        """
        if self._per_second <= 0:
            return 0.0
        now, needed = self._clock(), min(count, self._burst)
        with self._lock:
            held = {name: self._tokens(name, now) for name in names}
            missing = needed - min(held.values(), default=needed)
            if missing > 0:
                return missing / self._per_second
            self._buckets |= {name: (tokens - count, now) for name, tokens in held.items()}
            if len(self._buckets) > MOST_BUCKETS:
                self._forget_full(now)
            return 0.0

    def require(self, *names: str, count: int = 1) -> None:
        """Take tokens of every name's bucket, or of none where one has too few.

        Raises
        ------
        Problem
            429: one of them has too few.
        """
        wait = self.take(*names, count=count)
        if wait > 0:
            seconds = int(wait) + 1
            raise Problem(
                429,
                "too-many-requests",
                "Too many requests",
                f"The rate limit is exceeded; retry in {seconds} s.",
                headers={"Retry-After": str(seconds)},
            )

    def _tokens(self, name: str, now: float) -> float:
        """Return what a bucket holds now; the lock is held."""
        tokens, at = self._buckets.get(name, (self._burst, now))
        return min(self._burst, tokens + (now - at) * self._per_second)

    def give_back(self, name: str) -> None:
        """Put a token back that was taken for nothing; a bucket never holds more than its burst."""
        with self._lock:
            if name in self._buckets:
                tokens, at = self._buckets[name]
                self._buckets[name] = min(self._burst, tokens + 1), at

    def _forget_full(self, now: float) -> None:
        """Drop buckets that have filled up again: they are what a new one is."""
        self._buckets = {
            name: kept for name, kept in self._buckets.items() if self._tokens(name, now) < self._burst
        }
