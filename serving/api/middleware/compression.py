"""Compress answers to GET, but for those that a foreign page made a browser ask for.

Owns which answers are compressed. The length of a compressed page tells whether a text in its address is
also in the page, which holds the session's CSRF token and customers' names (the BREACH attack). It needs
many requests that a foreign page makes with the session's cookie; browsers mark these by `Sec-Fetch-Site`.
So a request with a cookie is answered compressed only where the header says that it comes from our own pages
or from the address bar. Answers to POST, such as assessments, are short and busy: they go out as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.gzip import GZipMiddleware

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LEAST_BYTES = 1_000
LEVEL = 5
"""Of gzip: a page within a few percent of the size of level 9, in two thirds of the time."""
_OWN_SITES = frozenset({"same-origin", "none"})


class Compression:
    """Compress answers of `LEAST_BYTES` and more with gzip where the request allows it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._compressing = GZipMiddleware(app, LEAST_BYTES, LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, its answer compressed where that is safe."""
        if scope["type"] != "http" or scope["method"] != "GET" or not may_compress(Headers(scope=scope)):
            await self._app(scope, receive, send)
            return

        async def weakened(message: Message) -> None:
            if message["type"] == "http.response.start":
                _weaken_tag(MutableHeaders(scope=message))
            await send(message)

        await self._compressing(scope, receive, weakened)


def may_compress(headers: Headers) -> bool:
    """Tell whether a request's answer may be compressed: no foreign page made it with a cookie.

    Examples
    --------
    >>> may_compress(Headers({"cookie": "a=b", "sec-fetch-site": "cross-site"})), may_compress(Headers({}))
    (False, True)
    """
    return "cookie" not in headers or headers.get("sec-fetch-site") in _OWN_SITES


def _weaken_tag(headers: MutableHeaders) -> None:
    """Make the tag of a compressed answer weak: a strong one names the bytes that were not compressed."""
    tag = headers.get("etag", "")
    if "content-encoding" in headers and tag.startswith('"'):
        headers["etag"] = f"W/{tag}"
