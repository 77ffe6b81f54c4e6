"""How much anybody may ask in a minute: token buckets, counted together by the processes of a machine.

Owns the counting. Who is counted and what is answered beyond the limit is said where a limit is used.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from serving.api.middleware.time_table import TimeTable
from serving.api.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable


ROUNDING = 1e-6
"""Tokens that adding up moments may lose."""


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
    times
        When each bucket is full again; processes that share the table share the buckets. Its own without it.
    kind
        Tells these buckets from others in the table.
    """

    def __init__(
        self,
        per_minute: float,
        burst: float,
        clock: Callable[[], float] = time.monotonic,
        times: TimeTable | None = None,
        kind: str = "",
    ) -> None:
        self._per_second, self._burst, self._clock = per_minute / 60, burst, clock
        self._times, self._kind = times or TimeTable(), kind

    def take(self, *names: str, count: int = 1) -> float:
        """Take tokens of every name's bucket; return 0, or the seconds until all have them, taking none.

        Parameters
        ----------
        count
            How many of each. More than a bucket holds are taken of a full one, which then owes the rest.
        """
        if self._per_second <= 0:
            return 0.0
        needed = min(count, self._burst)
        with self._times:
            # Read under the lock: the time of another process's question is never later than this one.
            now = self._clock()
            full_at = {name: max(self._times.get(self._key(name)), now) for name in names}
            held = self._burst - (max(full_at.values(), default=now) - now) * self._per_second
            if held < needed - ROUNDING:
                return (needed - held) / self._per_second
            for name, moment in full_at.items():
                self._times.set(self._key(name), moment + count / self._per_second)
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

    def give_back(self, name: str) -> None:
        """Put a token back that was taken for nothing; a bucket never holds more than its burst."""
        if self._per_second <= 0:
            return
        with self._times:
            moment = self._times.get(self._key(name))
            if moment > self._clock():
                self._times.set(self._key(name), moment - 1 / self._per_second)

    def _key(self, name: str) -> str:
        return f"{self._kind}:{name}"
