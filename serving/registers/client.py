"""HTTP client of the public registers: rate-limited, retried, cached, with a deadline.

The only module that connects to a register. It returns plain JSON with the day of its retrieval; each
register's own module interprets it.
"""

from __future__ import annotations

import datetime as dt
import random
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self, TypeVar
from urllib.parse import urlencode

from models.errors import RegisterAwayError, RegisterError
from serving.registers.cache import AnswerCache, CachedResponse
from serving.registers.reading import ReadLimits, TransientError, read_json
from serving.registers.throttling import CircuitBreaker, RateLimiter, backoff_s, retry_after_s

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import httpx2

    from serving.registers.settings import RegisterSettings

T = TypeVar("T")
_MB = 1_000_000


def utc_now() -> dt.datetime:
    """Return the current moment."""
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True)
class Register:
    """A register and how to query it.

    Parameters
    ----------
    name
        Its display name, used as the source of its answers.
    url
        Address that paths are put behind.
    per_s
        Requests a second that it allows, above 0.
    headers
        Headers of each request, such as a key; never cached and never displayed.
    """

    name: str
    url: str
    per_s: float
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


class _NotTriedError(RegisterAwayError):
    """The request was not sent: the wait would exceed the deadline."""


@dataclass(frozen=True, slots=True)
class RegisterResponse:
    """Answer of a register: the document, None if not found, and the day of the answer."""

    document: object
    fetched_on: dt.date
    register: str


def address_of(register: Register, path: str, params: Mapping[str, str] | None = None) -> str:
    """Return the address of a request, under which its answer is cached."""
    return f"{register.url}/{path.lstrip('/')}" + (f"?{urlencode(dict(params))}" if params else "")


class RegisterClient:
    """Query registers; use it as a context, or close it. Several threads may share one.

    Parameters
    ----------
    settings
        Where to keep answers and how patient to be.
    now, clock, sleep, draws
        Current time, monotonic seconds, sleep function, and source of jitter.
    """

    def __init__(
        self,
        settings: RegisterSettings,
        now: Callable[[], dt.datetime] = utc_now,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        draws: random.Random | None = None,
    ) -> None:
        self.settings = settings
        self._now, self._clock, self._sleep = now, clock, sleep
        self._draws = draws or random.Random()  # noqa: S311  # jitter, no secret
        self._cache = AnswerCache(settings.cache, int(settings.cache_mb * _MB))
        self._paces: dict[str, RateLimiter] = {}
        self._breakers: dict[str, CircuitBreaker] = {}
        self._connecting = threading.Lock()
        self._session: httpx2.Client | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def today(self) -> dt.date:
        """Return the current day."""
        return self._now().date()

    def now(self) -> dt.datetime:
        """Return the current time."""
        return self._now()

    def pause_s(self) -> float:
        """Return the seconds until every register that failed several times may be queried again."""
        return max((one.open_for() for one in self._breakers.values()), default=0.0)

    def wait(self, seconds: float) -> None:
        """Wait by the client's clock."""
        self._sleep(seconds)

    def fetch(
        self,
        register: Register,
        path: str,
        read: Callable[[RegisterResponse], T],
        params: Mapping[str, str] | None = None,
    ) -> T:
        """Return a register's answer: from the cache if recent, else over HTTP, else from an old cache entry.

        Parameters
        ----------
        read
            Parses an answer. An answer that it refuses is never cached.

        Raises
        ------
        RegisterAwayError
            It is unavailable, or must not be queried now, and nothing is cached.
        RegisterError
            Its answer is invalid, and nothing is cached.
        """
        url = address_of(register, path, params)
        kept = self._cache.get(url)
        if kept is not None and self._is_recent(kept):
            return read(self._answer(kept, register))
        try:
            fresh = CachedResponse(self._fetch_now(register, url), self._now())
            made = read(self._answer(fresh, register))
        except RegisterError:
            if kept is None:
                raise
            return read(self._answer(kept, register))
        self._cache.put(url, fresh.document, fresh.fetched_at)
        return made

    def _is_recent(self, kept: CachedResponse) -> bool:
        age = self._now() - kept.fetched_at
        return dt.timedelta(0) <= age < dt.timedelta(days=self.settings.cache_days)

    @staticmethod
    def _answer(kept: CachedResponse, register: Register) -> RegisterResponse:
        return RegisterResponse(kept.document, kept.fetched_at.date(), register.name)

    def _fetch_now(self, register: Register, url: str) -> object:
        if self.settings.offline:
            raise RegisterAwayError(f"{register.name} is not asked: ENCOURS_REGISTERS_OFFLINE is set")
        breaker = self._breakers.setdefault(register.name, CircuitBreaker(self._clock))
        if breaker.open_for() > 0:
            raise RegisterAwayError(
                f"{register.name} failed several times in a row and is left alone for "
                f"{breaker.open_for():.0f} s"
            )
        try:
            document = self._try(register, url)
        except _NotTriedError as error:  # no failure of the register: it must not open the circuit breaker
            raise RegisterAwayError(str(error)) from error
        except RegisterAwayError:
            breaker.failed()
            raise
        except RegisterError as error:
            breaker.answered()
            raise RegisterError(f"{register.name}: {error}") from error
        breaker.answered()
        return document

    def _try(self, register: Register, url: str) -> object:
        deadline = self._clock() + self.settings.patience_s
        pace = self._paces.setdefault(register.name, RateLimiter(register.per_s, self._clock, self._sleep))
        headers = {"Accept": "application/json", "Accept-Encoding": "identity", **register.headers}
        bounds = ReadLimits(int(self.settings.answer_mb * _MB), deadline, self._clock)
        attempt, reason = 0, ""
        while attempt < self.settings.attempts and pace.wait(deadline - self._clock()):
            attempt += 1
            try:
                return read_json(self._connected(), url, headers, bounds)
            except TransientError as error:
                reason = str(error)
                asked = retry_after_s(error.retry_after, self._now())
                if asked is not None:
                    pace.hold(asked)
                    reason += f", and asks to wait {asked:.0f} s"
                wait = max(backoff_s(attempt, self._draws), asked or 0.0)
            if self._clock() + wait > deadline or attempt == self.settings.attempts:
                break
            self._sleep(wait)
        if attempt == 0:
            raise _NotTriedError(
                f"{register.name} was not asked: it allows so many questions a second, or asked to wait, and "
                f"the next turn comes after the {self.settings.patience_s:g} s of this one; ask later"
            )
        attempts = "1 attempt" if attempt == 1 else f"{attempt} attempts"
        raise RegisterAwayError(f"{register.name} is away after {attempts}: {reason}")

    def _connected(self) -> httpx2.Client:
        with self._connecting:
            if self._session is None:
                import httpx2  # noqa: PLC0415  # half a command's start, and only who calls out pays for it

                self._session = httpx2.Client(
                    timeout=self.settings.timeout_s, headers={"User-Agent": "encours"}, follow_redirects=False
                )
            return self._session
