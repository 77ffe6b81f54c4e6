"""How long to wait: between two requests, before trying again, and after a register keeps failing.

Owns the arithmetic of patience; clocks and sleep come in as arguments. Who asks whom is `client`'s.
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
    """Keeps requests to one register apart by at least one over its rate; many threads may ask.

    Parameters
    ----------
    per_s
        Requests allowed a second, above 0.
    clock, sleep
        Seconds that only grow, and what waits for some of them.
    """

    def __init__(self, per_s: float, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._gap = 1.0 / per_s
        self._clock, self._sleep = clock, sleep
        self._lock = threading.Lock()
        self._free_at = clock()

    def wait(self, longest_s: float) -> bool:
        """Wait for one's turn; False, without waiting, where it comes later than `longest_s`."""
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
        """Let nobody ask for so long: the register said so."""
        with self._lock:
            self._free_at = max(self._free_at, self._clock() + seconds)


class CircuitBreaker:
    """Stops asking a register that failed several times in a row, for some minutes.

    A register that is asked on and on while it fails locks the address out.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failures = 0
        self._until = clock()

    def open_for(self) -> float:
        """Return the seconds for which nobody may ask; 0 where one may."""
        return max(self._until - self._clock(), 0.0)

    def failed(self) -> None:
        """Count a question that stayed without an answer."""
        self._failures += 1
        if self._failures >= FAILURES_BEFORE_A_PAUSE:
            self._until, self._failures = self._clock() + PAUSE_S, 0

    def answered(self) -> None:
        """Forget the failures."""
        self._failures = 0


def backoff_s(attempt: int, draws: random.Random) -> float:
    """Draw the wait before trying again: from half to the whole of a time that doubles, at most 30 s.

    Parameters
    ----------
    attempt
        How many attempts have failed, from 1.

    Examples
    --------
    >>> import random
    >>> [0.5 * 2**k / 2 <= backoff_s(k + 1, random.Random(k)) <= 0.5 * 2**k for k in range(4)]
    [True, True, True, True]
    """
    whole = min(FIRST_WAIT_S * 2.0 ** (attempt - 1), LONGEST_WAIT_S)
    return whole * (0.5 + draws.random() / 2)


def retry_after_s(header: str | None, now: dt.datetime) -> float | None:
    """Read a Retry-After: seconds or an HTTP date (RFC 9110, section 10.2.3); None where it says nothing.

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
