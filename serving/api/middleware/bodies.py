"""Limit how much a request may bring.

Owns the limit as a pure ASGI layer: where a body is read, one that says that it is too long is refused before
any of it is taken, and any other as soon as it goes beyond. The framework answers the error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send


class BodyLimit:
    """Refuse bodies beyond a number of bytes with 413.

    Parameters
    ----------
    largest_bytes
        The longest body that is read.
    larger
        The longest body by path, where it is another.
    """

    def __init__(self, app: ASGIApp, largest_bytes: int, larger: Mapping[str, int] | None = None) -> None:
        self._app, self._largest, self._larger = app, largest_bytes, larger or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, its body counted."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        largest = self._larger.get(scope["path"], self._largest)
        declared = Headers(scope=scope).get("content-length", "")
        is_too_long, read = declared.isdigit() and int(declared) > largest, 0

        async def counted() -> Message:
            nonlocal read
            if is_too_long:
                raise HTTPException(413)
            message = await receive()
            read += len(message.get("body", b""))
            if read > largest:
                raise HTTPException(413)
            return message

        await self._app(scope, counted, send)
