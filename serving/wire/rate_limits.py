"""How much anybody may ask in a minute: token buckets in this process.

Owns the counting. Who is counted and what is answered beyond the limit is said where a limit is used.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from serving.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_BUCKETS = 10_000


class TokenBuckets:
    """One bucket a name: each question takes a token, and tokens flow back evenly; safe in threads.

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

    def take(self, name: str) -> float:
        """Take a token of a name's bucket; return 0, or the seconds until there is one, taking none."""
        if self._per_second <= 0:
            return 0.0
        now = self._clock()
        with self._lock:
            tokens, at = self._buckets.get(name, (self._burst, now))
            tokens = min(self._burst, tokens + (now - at) * self._per_second)
            if tokens < 1:
                self._buckets[name] = tokens, now
                return (1 - tokens) / self._per_second
            self._buckets[name] = tokens - 1, now
            if len(self._buckets) > MOST_BUCKETS:
                self._forget_full(now)
            return 0.0

    def require(self, *names: str) -> None:
        """Take a token of every name's bucket.

        Raises
        ------
        Problem
            429: one of them is empty.
        """
        wait = max([self.take(name) for name in names], default=0.0)
        if wait > 0:
            seconds = int(wait) + 1
            raise Problem(
                429,
                "too-many-requests",
                "Too many requests",
                f"Too much was asked at once; ask again in {seconds} s.",
                headers={"Retry-After": str(seconds)},
            )

    def give_back(self, name: str) -> None:
        """Put a token back that was taken for nothing; a bucket never holds more than its burst."""
        with self._lock:
            if name in self._buckets:
                tokens, at = self._buckets[name]
                self._buckets[name] = min(self._burst, tokens + 1), at

    def _forget_full(self, now: float) -> None:
        """Drop buckets that have filled up again: they are what a new one is."""
        fills_in = self._burst / self._per_second
        self._buckets = {name: kept for name, kept in self._buckets.items() if now - kept[1] < fills_in}
