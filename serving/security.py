"""Who asks, and who may what: API keys in a header, sessions in a cookie.

Owns how a caller comes with a request, the table of rights, and what is answered to whom may not. How keys
and sessions are kept is the store's; how a session begins is `serving.routes.session`'s.

A key or a session that was found is trusted for `TRUSTED_S` seconds without asking the store again: a
revocation takes effect within that time. One that is nobody's costs a look-up each time, and an address may
ask only so many of those.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import threading
import time
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import Depends, Request
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer
from starlette.concurrency import run_in_threadpool

from serving.problems import Problem
from serving.store import ROLES, Role
from serving.wire.rate_limits import TokenBuckets

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.types import Scope

    from serving.services import Services
    from serving.settings import Settings

API_KEY = APIKeyHeader(name="X-API-Key", auto_error=False, description="A key of `encours keys add`")
BEARER = HTTPBearer(auto_error=False, description="The same key")
COOKIE = "encours_session"
CSRF_FIELD, CSRF_HEADER = "csrf_token", "X-CSRF-Token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
TRUSTED_S = 3.0
RENEWED_S = 1.0
"""So long before that ends a key that is in use is looked up anew."""
MOST_TRUSTED = 4_096
BURST_SECONDS = 10
"""What may be asked in this many seconds at the limit may also be asked at once."""
STRANGERS_A_MINUTE, STRANGERS_AT_ONCE = 30.0, 30.0
"""How many keys and sessions that are nobody's one address may come with."""
NOWHERE = "nowhere"
"""Counted in place of an address where none is told."""

Right = Literal["look_up", "assess", "assess_many", "replay", "override", "read_audit", "inspect"]
RIGHTS: Mapping[Right, frozenset[Role]] = MappingProxyType(
    {
        "look_up": frozenset(ROLES),
        "assess": frozenset(ROLES),
        "assess_many": frozenset({"analyst", "batch", "admin"}),
        "replay": frozenset({"sales", "analyst", "admin"}),
        "override": frozenset({"analyst", "admin"}),
        "read_audit": frozenset({"analyst", "admin"}),
        "inspect": frozenset({"analyst", "admin"}),
    }
)
"""Who may what; `inspect` is looking into models and policy."""
ALSO: Mapping[Role, frozenset[Role]] = MappingProxyType(
    {
        "sales": frozenset({"sales"}),
        "batch": frozenset({"batch"}),
        "analyst": frozenset({"analyst", "sales"}),
        "admin": frozenset(ROLES),
    }
)
"""Whose rights a role has: an analyst may all that sales may, an admin may all."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks.

    Parameters
    ----------
    csrf_token
        What forms of a session's pages must carry; empty for a key.
    """

    name: str
    role: Role
    via: Literal["key", "session"]
    csrf_token: str = field(default="", repr=False)

    def may(self, right: Right) -> bool:
        """Tell whether the caller has a right."""
        return self.role in RIGHTS[right]


class Guard:
    """Tells callers by their keys and sessions, trusting for a moment what it found; safe in threads.

    Parameters
    ----------
    services
        Where the store is.
    settings
        How much a caller may ask in a minute.
    clock
        Seconds that only rise.

    Attributes
    ----------
    limits
        Counts what callers ask, by their names.
    strangers
        Counts keys and sessions that are nobody's, by address.
    """

    def __init__(
        self, services: Services, settings: Settings, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._services, self._clock = services, clock
        self._trusted: dict[bytes, tuple[float, Caller]] = {}
        self._asking: dict[bytes, asyncio.Future[Caller | None]] = {}
        self._lock = threading.Lock()
        per_minute = settings.rate_per_minute
        self.limits = TokenBuckets(per_minute, max(per_minute * BURST_SECONDS / 60, 1), clock)
        strangers = STRANGERS_A_MINUTE if per_minute else 0.0
        self.strangers = TokenBuckets(strangers, STRANGERS_AT_ONCE, clock)

    async def of_key(self, plaintext: str, address: str) -> Caller:
        """Return whose key this is.

        Raises
        ------
        Problem
            401: it is nobody's. 429: too many keys and sessions from the address were nobody's.
        """
        caller = await self._find("key", plaintext, self._ask_key, address)
        if caller is None:
            raise _unauthorised("The API key is unknown, expired or revoked; ask for a new one.")
        return caller

    def trusted_by_key(self, plaintext: str) -> Caller | None:
        """Return whose key this is where it was looked up a moment ago, else None; called on an event loop.

        Before the moment is over it is looked up anew meanwhile.
        """
        mark, now = _mark("key", plaintext), self._clock()
        kept = self._trusted.get(mark)
        if kept is None or now >= kept[0]:
            return None
        if now >= kept[0] - RENEWED_S:
            self._look_up(mark, plaintext, self._ask_key, NOWHERE)
        return kept[1]

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

    def forget_session(self, token: str) -> None:
        """Trust a session no more: it ends now."""
        with self._lock:
            self._trusted.pop(_mark("session", token), None)

    async def _find(
        self, via: str, secret: str, ask: Callable[[str], Caller | None], address: str
    ) -> Caller | None:
        mark, now = _mark(via, secret), self._clock()
        kept = self._trusted.get(mark)
        if kept is not None and now < kept[0]:
            return kept[1]
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
        key = self._services.store().find_key(plaintext)
        return None if key is None else Caller(key.name, key.role, "key")

    def _ask_session(self, token: str) -> Caller | None:
        session = self._services.store().find_session(token)
        return None if session is None else Caller(session.name, session.role, "session", session.csrf_token)


async def require_caller(
    request: Request,
    header: Annotated[str | None, Depends(API_KEY)],
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)],
) -> Caller:
    """Return who asks: by the key in `X-API-Key` or as a bearer token, else by the session's cookie.

    Raises
    ------
    Problem
        401: nothing came, or it is unknown, expired or revoked. 403: an unsafe request of a session came
        without its token. 429: too much was asked, or too many keys from the address were nobody's.
    """
    guard: Guard = request.app.state.guard
    plaintext = header or (bearer.credentials if bearer else None)
    if plaintext:
        caller = await guard.of_key(plaintext, address_of(request.scope))
    else:
        signed_in = await session_caller(request)
        if signed_in is None:
            raise _unauthorised("Give an API key in the header X-API-Key or as `Authorization: Bearer`.")
        caller = signed_in
    guard.limits.require(f"{caller.via}:{caller.name}")
    return caller


async def session_caller(request: Request) -> Caller | None:
    """Return who is signed in by the request's cookie, None where nobody is.

    Raises
    ------
    Problem
        403: the request is unsafe and came without the session's token. 429: too many sessions from the
        address were nobody's.
    """
    token = request.cookies.get(COOKIE)
    guard: Guard = request.app.state.guard
    caller = await guard.of_session(token, address_of(request.scope)) if token else None
    if caller is not None and request.method not in SAFE_METHODS:
        await _check_csrf(request, caller)
    return caller


CallerDep = Annotated[Caller, Depends(require_caller)]


def require_role(*roles: Role) -> Callable[[Caller], Awaitable[Caller]]:
    """Return a dependency that lets only some roles pass, and those who have their rights; others get 403."""

    async def check(caller: CallerDep) -> Caller:
        if not ALSO[caller.role] & set(roles):
            raise forbidden(caller, " or ".join(roles))
        return caller

    return check


def require_right(right: Right) -> Callable[[Caller], Awaitable[Caller]]:
    """Return a dependency that lets only those pass who have a right; others get 403."""

    async def check(caller: CallerDep) -> Caller:
        if not caller.may(right):
            raise forbidden(caller, " or ".join(role for role in ROLES if role in RIGHTS[right]))
        return caller

    return check


def address_of(scope: Scope) -> str:
    """Return the address that a request comes from."""
    client = scope.get("client")
    return str(client[0]) if client else NOWHERE


def forbidden(caller: Caller, needed: str) -> Problem:
    """Return the problem of somebody who may not."""
    what = "key" if caller.via == "key" else "user"
    detail = f"The {what} {caller.name!r} has the role {caller.role}; this needs {needed}."
    return Problem(403, "forbidden", "Role not allowed", detail)


def same(one: str, other: str) -> bool:
    """Compare secrets in a time that tells nothing."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


async def _check_csrf(request: Request, caller: Caller) -> None:
    """Refuse what another site made a browser send: only our own pages know the session's token."""
    came: Any = request.headers.get(CSRF_HEADER)
    if came is None and request.headers.get("content-type", "").startswith(FORMS):
        came = (await request.form()).get(CSRF_FIELD)
    if not isinstance(came, str) or not same(came, caller.csrf_token):
        detail = f"The session's token is missing in {CSRF_HEADER} or {CSRF_FIELD}; load the page again."
        raise Problem(403, "csrf", "Not sent by our own page", detail)


def _mark(via: str, secret: str) -> bytes:
    return hashlib.sha256(f"{via}:{secret}".encode("utf-8", "replace")).digest()


def _unauthorised(detail: str) -> Problem:
    return Problem(401, "no-key", "No valid API key", detail, headers={"WWW-Authenticate": "Bearer"})
