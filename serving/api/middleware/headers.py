"""Headers that tell a browser what it may not do with our answers.

Owns them as a pure ASGI layer around the application, so that no route can forget them; what the framework
answers outside of every layer, a fault of ours, brings them itself. Where an answer leads elsewhere, it leads
to this server: whatever host a request named does not go out again. Scripts and styles come from this
server's files alone, and nothing inline.
"""

from __future__ import annotations

from inspect import isawaitable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fastapi import FastAPI, Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT = (
    "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; "
    "object-src 'none'"
)
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
HTTPS_ONLY = "max-age=31536000; includeSubDomains"


def _encoded(**more: str) -> list[tuple[bytes, bytes]]:
    headers = {**ALWAYS, **{name.replace("_", "-"): value for name, value in more.items()}}
    return [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]


_HEADERS = _encoded(content_security_policy=CONTENT)
_OWN = frozenset(name for name, _ in _HEADERS) | {b"strict-transport-security"}


def install(app: FastAPI) -> None:
    """Make an application, whose error handlers are installed, add the headers to every answer."""
    app.add_middleware(SecurityHeaders)
    unforeseen = app.exception_handlers.get(Exception)
    if unforeseen is not None:
        app.add_exception_handler(Exception, _with_headers(unforeseen))


def _with_headers(answer: Callable[..., Any]) -> Callable[..., Any]:
    async def answered(request: Request, error: Exception) -> Response:
        made = answer(request, error)
        response: Response = await made if isawaitable(made) else made
        response.raw_headers = with_ours(response.raw_headers, request.scope)
        return response

    return answered


class SecurityHeaders:
    """Adds the headers to every HTTP answer; what a route set itself about caching stays."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and its answer back with the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = with_ours(message.get("headers", ()), scope)
            await send(message)

        await self._app(scope, receive, with_headers)


def with_ours(headers: Iterable[tuple[bytes, bytes]], scope: Scope) -> list[tuple[bytes, bytes]]:
    """Return an answer's headers with ours in place of any of the same name.

    Parameters
    ----------
    scope
        Of the request; its scheme is looked at.
    """
    kept = [_local(*pair) for pair in headers if pair[0].lower() not in _OWN]
    kept += _HEADERS
    if not any(name.lower() == b"cache-control" for name, _ in kept):
        kept.append((b"cache-control", b"no-store"))
    if scope.get("scheme") == "https":
        kept.append((b"strict-transport-security", HTTPS_ONLY.encode()))
    return kept


def local(address: str) -> str:
    """Return an address of this server without its scheme and host; none that names another host comes out.

    Examples
    --------
    >>> local("http://elsewhere.example/customers/?q=a#top"), local("//elsewhere.example/"), local("/sign-in")
    ('/customers/?q=a#top', '/', '/sign-in')
    """
    local = urlsplit(address)._replace(scheme="", netloc="")
    return local._replace(path="/" + local.path.lstrip("/\\")).geturl()


def _local(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    if name.lower() != b"location":
        return name, value
    return name, local(value.decode("latin-1")).encode("latin-1")
