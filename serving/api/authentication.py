"""Tells callers by their keys and sessions, and counts what they ask.

Owns what is trusted and for how long. A key or a session that was found is trusted for `TRUSTED_S` seconds
without asking the store again: a revocation takes effect within that time. One that is nobody's costs a
look-up each time, and an address may ask only so many of those. Who may what is `serving.api.security`'s.
"""

from __future__ import annotations

import asyncio
import hashlib
import threading
import time
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from serving.api.middleware.rate_limits import TokenBuckets
from serving.api.middleware.time_table import TimeTable
from serving.api.problems import Problem
from serving.callers import Caller

if TYPE_CHECKING:
    from collections.abc import Callable

    from serving.store import Store

TRUSTED_S = 1.0
RENEWED_S = 0.5
"""So long before its trust ends a key or a session that is in use is looked up anew."""
MOST_TRUSTED = 4_096
BURST_SECONDS = 10
"""What may be asked in this many seconds at the limit may also be asked at once."""
STRANGERS_A_MINUTE, STRANGERS_AT_ONCE = 30.0, 30.0
"""How many keys and sessions that are nobody's one address may come with."""


NOWHERE = "nowhere"
"""The address of a request without one."""


def unauthorised(detail: str) -> Problem:
    """Return the problem of a request without a valid API key."""
    return Problem(401, "no-key", "No valid API key", detail, headers={"WWW-Authenticate": "Bearer"})


class Authenticator:
    """Authenticate callers by API key or session, and rate-limit them; safe in threads.

    A look-up is trusted for `TRUSTED_S` seconds.

    Parameters
    ----------
    store
        Opens the store, or raises `StoreError`.
    per_minute
        How much a caller may ask in a minute; 0 for any number.
    clock
        Seconds that only rise.
    times
        What the server processes of this machine count in together; its own without it.
    machines
        How many machines serve; each allows an equal share.

    Attributes
    ----------
    limits
        Counts what callers ask, by their names.
    strangers
        Counts keys and sessions that are nobody's, by address.
    """

    def __init__(
        self,
        store: Callable[[], Store],
        per_minute: float,
        clock: Callable[[], float] = time.monotonic,
        times: TimeTable | None = None,
        machines: int = 1,
    ) -> None:
        self._store, self._clock = store, clock
        self._trusted: dict[bytes, tuple[float, Caller]] = {}
        self._asking: dict[bytes, asyncio.Future[Caller | None]] = {}
        self._lock = threading.Lock()
        times, share = times or TimeTable(), per_minute / machines
        self.limits = TokenBuckets(share, max(share * BURST_SECONDS / 60, 1), clock, times, "caller")
        strangers = STRANGERS_A_MINUTE / machines if per_minute else 0.0
        at_once = max(STRANGERS_AT_ONCE / machines, 1)
        self.strangers = TokenBuckets(strangers, at_once, clock, times, "stranger")

    async def of_key(self, plaintext: str, address: str) -> Caller:
        """Return whose key this is.

        Raises
        ------
        Problem
            401: it is nobody's. 429: too many keys and sessions from the address were nobody's.
        """
        caller = await self._find("key", plaintext, self._ask_key, address)
        if caller is None:
            raise unauthorised("The API key is unknown, expired or revoked; request a new one.")
        return caller

    async def of_session(self, token: str, address: str) -> Caller | None:
        """Return whose session a cookie opens, None where it opens none.

        Raises
        ------
        Problem
            429: too many keys and sessions from the address were nobody's.
        """
        return await self._find("session", token, self._ask_session, address)

    def last_of_session(self, token: str) -> Caller | None:
        """Return whose session a cookie opened when it was last looked up here; it may have ended since."""
        kept = self._trusted.get(_mark("session", token))
        return None if kept is None else kept[1]

    def count_more(self, caller: Caller, count: int) -> None:
        """Count what one request asks beyond its first question.

        Raises
        ------
        Problem
            429: too much was asked; nothing is taken.
        """
        if count > 0:
            self.limits.require(f"{caller.via}:{caller.name}", count=count)

    def forget_session(self, token: str) -> None:
        """Trust a session no more: it ends now."""
        with self._lock:
            self._trusted.pop(_mark("session", token), None)

    async def _find(
        self, via: str, secret: str, ask: Callable[[str], Caller | None], address: str
    ) -> Caller | None:
        mark, now = _mark(via, secret), self._clock()
        until, caller = self._trusted.get(mark, (now, None))
        if caller is not None and now < until:
            if now >= until - RENEWED_S:
                # Whoever is in use is looked up anew meanwhile: nobody waits for it.
                self._look_up(mark, secret, ask, NOWHERE)
            return caller
        return await asyncio.shield(self._look_up(mark, secret, ask, address))

    def _look_up(
        self, mark: bytes, secret: str, ask: Callable[[str], Caller | None], address: str
    ) -> asyncio.Future[Caller | None]:
        """Have the store asked; many may come with the same key at once, and one asks for all of them."""
        asking = self._asking.get(mark)
        if asking is None or asking.get_loop() is not asyncio.get_running_loop():
            asking = asyncio.ensure_future(self._ask(mark, secret, ask, address))
            self._asking[mark] = asking
            asking.add_done_callback(lambda done: self._answered(mark, done))
        return asking

    def _answered(self, mark: bytes, done: asyncio.Future[Caller | None]) -> None:
        if self._asking.get(mark) is done:
            del self._asking[mark]
        if not done.cancelled():
            # Where nobody waits for it, nobody hears of it either; whoever comes next asks again.
            done.exception()

    async def _ask(
        self, mark: bytes, secret: str, ask: Callable[[str], Caller | None], address: str
    ) -> Caller | None:
        """Ask the store; who was known before is not counted among the strangers of an address."""
        now, is_new = self._clock(), mark not in self._trusted
        if is_new:
            self.strangers.require(f"address:{address}")
        is_stranger = False
        try:
            found = await run_in_threadpool(ask, secret)
            is_stranger = found is None
        finally:
            if is_new and not is_stranger:
                self.strangers.give_back(f"address:{address}")
        with self._lock:
            self._trusted.pop(mark, None)
            if found is not None:
                if len(self._trusted) >= MOST_TRUSTED:
                    self._trusted.clear()
                self._trusted[mark] = now + TRUSTED_S, found
        return found

    def _ask_key(self, plaintext: str) -> Caller | None:
        key = self._store().find_key(plaintext)
        return None if key is None else Caller(key.name, key.role, "key")

    def _ask_session(self, token: str) -> Caller | None:
        session = self._store().find_session(token)
        return None if session is None else Caller(session.name, session.role, "session", session.csrf_token)


def _mark(via: str, secret: str) -> bytes:
    return hashlib.sha256(f"{via}:{secret}".encode("utf-8", "replace")).digest()
