"""Headers that tell a browser what it may not do with our answers.

Owns them as a pure ASGI layer around the application, so that no route can forget them. Scripts and styles
come from this server's files alone, nothing stands inside the page; the description of the API, which loads
its viewer from elsewhere, is the one exception.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'"
VIEWER = "https://cdn.jsdelivr.net"
API_VIEWER = (
    f"default-src 'self'; script-src 'self' 'unsafe-inline' {VIEWER}; "
    f"style-src 'self' 'unsafe-inline' {VIEWER}; img-src 'self' data: https://fastapi.tiangolo.com; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
HTTPS_ONLY = "max-age=31536000; includeSubDomains"
VIEWER_PATHS = ("/docs", "/redoc")


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
                _add(MutableHeaders(scope=message), scope)
            await send(message)

        await self._app(scope, receive, with_headers)


def _add(headers: MutableHeaders, scope: Scope) -> None:
    headers.update(ALWAYS)
    viewer = scope["path"].startswith(VIEWER_PATHS)
    headers["Content-Security-Policy"] = API_VIEWER if viewer else CONTENT
    headers.setdefault("Cache-Control", "no-store")
    if scope.get("scheme") == "https":
        headers["Strict-Transport-Security"] = HTTPS_ONLY
