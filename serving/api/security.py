"""Authenticate requests: API keys in a header, sessions in a cookie.

Owns how a caller comes with a request, and what is answered to callers without a right. Who has which right
is `serving.callers`'; how keys and sessions are kept is the store's; how a session begins is
`serving.api.routes.session`'s.
"""

from __future__ import annotations

import hmac
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Request

from serving.api.authentication import NOWHERE, unauthorised
from serving.api.problems import Problem
from serving.callers import RIGHTS, Caller, Right
from serving.store import ROLES

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.types import Scope

    from serving.api.authentication import Authenticator

SCHEMES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "APIKeyHeader": {
            "type": "apiKey",
            "in": "header",
            "name": "X-API-Key",
            "description": "A key of `encours keys add`",
        },
        "HTTPBearer": {"type": "http", "scheme": "bearer", "description": "The same key"},
    }
)
"""How a program authenticates, for the API's description."""
COOKIE = "encours_session"
CSRF_FIELD, CSRF_HEADER = "csrf_token", "X-CSRF-Token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


async def authenticate(request: Request) -> Caller:
    """Return the caller: by the key in `X-API-Key` or as a bearer token, else by the session's cookie.

    Raises
    ------
    Problem
        401: nothing came, or it is unknown, expired or revoked. 403: an unsafe request of a session came
        without its token. 429: too much was asked, or too many keys from the address were nobody's.
    """
    guard: Authenticator = request.app.state.wiring.authenticator
    plaintext = request.headers.get("x-api-key") or _bearer(request)
    if plaintext:
        caller = await guard.of_key(plaintext, address_of(request.scope))
    else:
        signed_in = await session_caller(request)
        if signed_in is None:
            raise unauthorised("Give an API key in the header X-API-Key or as `Authorization: Bearer`.")
        caller = signed_in
    guard.limits.require(f"{caller.via}:{caller.name}")
    return caller


def _bearer(request: Request) -> str:
    """Return the token of a header `Authorization: Bearer`, empty where there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


async def caller_of(request: Request) -> Caller:
    """Return the caller of a route of the API, which was authenticated before."""
    caller: Caller = request.state.caller
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
    guard: Authenticator = request.app.state.wiring.authenticator
    caller = await guard.of_session(token, address_of(request.scope)) if token else None
    if caller is not None and request.method not in SAFE_METHODS:
        await _check_csrf(request, caller)
    return caller


CallerDep = Annotated[Caller, Depends(caller_of)]


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
    """Return the problem of a caller whose role lacks a right."""
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
        await request.close()
        detail = f"The session's token is missing in {CSRF_HEADER} or {CSRF_FIELD}; reload the page."
        raise Problem(403, "csrf", "Invalid CSRF token", detail)
