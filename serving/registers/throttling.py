"""Rate limiting, retry delays and circuit breaking for register requests.

Owns the arithmetic; clock and sleep are arguments. `client` applies it.
"""

from __future__ import annotations

import datetime as dt
import threading
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 30.0
FAILURES_BEFORE_A_PAUSE, PAUSE_S = 3, 120.0


class RateLimiter:
    """Space requests to one register by at least one over its rate; thread-safe.

    Parameters
    ----------
    per_s
        Requests allowed a second, above 0.
    clock, sleep
        Monotonic seconds, and the sleep function.
    """

    def __init__(self, per_s: float, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._gap = 1.0 / per_s
        self._clock, self._sleep = clock, sleep
        self._lock = threading.Lock()
        self._free_at = clock()

    def wait(self, longest_s: float) -> bool:
        """Wait for the next slot; return False at once if it is later than `longest_s`."""
        with self._lock:
            now = self._clock()
            turn = max(self._free_at, now)
            if turn - now > longest_s:
                return False
            self._free_at = turn + self._gap
        if turn > now:
            self._sleep(turn - now)
        return True

    def hold(self, seconds: float) -> None:
        """Block all requests for this duration, as the register demanded."""
        with self._lock:
            self._free_at = max(self._free_at, self._clock() + seconds)


class CircuitBreaker:
    """Suspend requests to a register for some minutes after several failures in a row.

    Continuous requests to a failing register lead to a ban of the address.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failures = 0
        self._until = clock()

    def open_for(self) -> float:
        """Return the seconds until requests are allowed; 0 if they are."""
        return max(self._until - self._clock(), 0.0)

    def failed(self) -> None:
        """Count a failed request."""
        self._failures += 1
        if self._failures >= FAILURES_BEFORE_A_PAUSE:
            self._until, self._failures = self._clock() + PAUSE_S, 0

    def answered(self) -> None:
        """Reset the count of failures."""
        self._failures = 0


def backoff_s(attempt: int, draws: random.Random) -> float:
    """Draw a retry delay: from half to the whole of a time that doubles, at most 30 s.

    Parameters
    ----------
    attempt
        Number of failed attempts, from 1.

    Examples
    --------
    >>> import random
    >>> [0.5 * 2**k / 2 <= backoff_s(k + 1, random.Random(k)) <= 0.5 * 2**k for k in range(4)]
    [True, True, True, True]
    """
    whole = min(FIRST_WAIT_S * 2.0 ** (attempt - 1), LONGEST_WAIT_S)
    return whole * (0.5 + draws.random() / 2)


def retry_after_s(header: str | None, now: dt.datetime) -> float | None:
    """Parse a Retry-After: seconds or an HTTP date (RFC 9110, section 10.2.3); None if invalid.

    Examples
    --------
    >>> now = dt.datetime(2026, 1, 5, 12, tzinfo=dt.UTC)
    >>> [retry_after_s(said, now) for said in ("7", "Mon, 05 Jan 2026 12:00:30 GMT", "soon")]
    [7.0, 30.0, None]
    """
    if header is None:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=dt.UTC)
    return max((at - now).total_seconds(), 0.0)
