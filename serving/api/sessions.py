"""Signing in to the pages: the cookie, the form's token, what is counted, and who is signed in.

Owns the cookies and the rules of signing in; how a session is kept is the store's, the page with the form is
`serving.web`'s. The form of a visitor without a session is protected by a cookie that holds the same
token as the form.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

from fastapi import Depends, Request

from serving.api.middleware.rate_limits import TokenBuckets
from serving.api.middleware.time_table import TimeTable
from serving.api.problems import Problem
from serving.api.security import COOKIE, CSRF_FIELD, SAFE_METHODS, same, session_caller
from serving.callers import Caller
from serving.store.sessions import LASTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response

    from serving.api.authentication import Authenticator
    from serving.callers import Right
    from serving.store import Store, User


FORM_COOKIE = "encours_form"
SIGN_IN = "/sign-in"
TRIES_A_MINUTE, TRIES_AT_ONCE = 2.0, 10.0
"""From one address: guessing is slow, a typing error is not punished."""
NAME_ALLOWANCE = 3.0
"""How many times as much may be tried for one name, so that no address alone can use a name's up."""
REGULAR_S = 30 * 86_400.0
"""So long after signing in from an address one is known there."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """What lets people in, once an application.

    Parameters
    ----------
    store
        Opens the store, or raises `StoreError`.
    by_address, by_name
        Count what was tried.
    times
        Until when a name is known at the address that it signed in from: it is counted by address alone, so
        that strangers who guess at a name do not lock out whose it is.
    clock
        Seconds that only rise.
    """

    store: Callable[[], Store]
    by_address: TokenBuckets
    by_name: TokenBuckets
    times: TimeTable = field(default_factory=TimeTable)
    clock: Callable[[], float] = time.monotonic

    @classmethod
    def of(
        cls,
        store: Callable[[], Store],
        clock: Callable[[], float] = time.monotonic,
        times: TimeTable | None = None,
        machines: int = 1,
    ) -> SignIn:
        """Return the door of an application.

        Parameters
        ----------
        times, machines
            As of `serving.api.authentication.Authenticator`.
        """
        times = times or TimeTable()
        tries, at_once = TRIES_A_MINUTE / machines, max(TRIES_AT_ONCE / machines, 1)
        by_address = TokenBuckets(tries, at_once, clock, times, "address")
        by_name = TokenBuckets(NAME_ALLOWANCE * tries, NAME_ALLOWANCE * at_once, clock, times, "name")
        return cls(store, by_address, by_name, times, clock)

    def let_in(self, name: str, password: str, address: str) -> User | None:
        """Return the user whose name and password these are; None, after as long, where they are nobody's.

        Raises
        ------
        Problem
            429: too much was tried for this name or from this address.
        """
        called = name.strip().casefold()
        regular = f"regular:{address}:{called}"
        # The address comes first: what is refused there takes nothing from the name.
        self.by_address.require(address)
        with self.times:
            is_regular = self.times.get(regular) > self.clock()
        if not is_regular:
            self.by_name.require(called)
        found = self.store().check_password(name, password)
        if found is not None:
            with self.times:
                self.times.set(regular, self.clock() + REGULAR_S)
        return found


def form_token(request: Request) -> str:
    """Return the token for a sign-in form: the one that the browser has, else a new one."""
    kept = request.cookies.get(FORM_COOKIE, "")
    return kept if kept.isascii() and 20 <= len(kept) <= 100 else secrets.token_urlsafe(24)


def set_form_token(request: Request, response: Response, token: str) -> None:
    """Give the browser the token of the form."""
    response.set_cookie(FORM_COOKIE, token, max_age=3600, path=SIGN_IN, **_protected(request))


def check_form_token(request: Request, came: str) -> None:
    """Refuse a sign-in that our own form did not send.

    Raises
    ------
    Problem
        403: the token of the form is not the browser's.
    """
    kept = request.cookies.get(FORM_COOKIE)
    if not kept or not same(kept, came):
        detail = f"The form's field {CSRF_FIELD} is missing or expired; reload {SIGN_IN}."
        raise Problem(403, "csrf", "Invalid CSRF token", detail)


def set_session(request: Request, response: Response, token: str) -> None:
    """Give the browser its session, and take the form's token back."""
    response.set_cookie(COOKIE, token, max_age=int(LASTS.total_seconds()), path="/", **_protected(request))
    response.delete_cookie(FORM_COOKIE, path=SIGN_IN)


def drop_session(response: Response) -> None:
    """Take the session back from the browser."""
    response.delete_cookie(COOKIE, path="/")


def local_path(target: str) -> str:
    """Return where to go after signing in: a path of this server, or its root where another place was asked.

    Examples
    --------
    >>> local_path("/customers/C1?lang=en"), local_path("//elsewhere.example/"), local_path("https://x")
    ('/customers/C1?lang=en', '/', '/')
    """
    starts_here = target.startswith("/") and not target.startswith("//")
    plain = target.isprintable() and "\\" not in target
    return target if starts_here and plain else "/"


async def page_caller(request: Request) -> Caller:
    """Return who is signed in, for a page.

    Raises
    ------
    Problem
        303: nobody is, and the browser is sent to sign in. 403: an unsafe request came without its token.
        429: too much was asked.
    """
    caller = await session_caller(request)
    if caller is None:
        raise _sign_in_first(request)
    guard: Authenticator = request.app.state.wiring.authenticator
    guard.limits.require(f"session:{caller.name}")
    return caller


PageCaller = Annotated[Caller, Depends(page_caller)]


def page_right(right: Right) -> Any:  # noqa: ANN401  # a dependency, for `Annotated`
    """Return a dependency for a page that lets only those pass who have a right; others get 403."""

    async def check(caller: PageCaller) -> Caller:
        if not caller.may(right):
            detail = f"The user {caller.name!r} has the role {caller.role}, which does not allow this page."
            raise Problem(403, "forbidden", "Role not allowed", detail)
        return caller

    return check


def _sign_in_first(request: Request) -> Problem:
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    back = asked if request.method in SAFE_METHODS else "/"
    place = f"{SIGN_IN}?next={quote(back, safe='/')}"
    detail = f"Sign in at {SIGN_IN} first."
    if "hx-request" in request.headers:
        # A part of a page cannot show the form: the whole page goes there.
        return Problem(401, "sign-in", "Sign in first", detail, headers={"HX-Redirect": place})
    return Problem(303, "sign-in", "Sign in first", detail, headers={"Location": place})


def _protected(request: Request) -> dict[str, Any]:
    return {"httponly": True, "samesite": "lax", "secure": request.url.scheme == "https"}
