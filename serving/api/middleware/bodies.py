"""How much a request may bring: bodies beyond the limit are refused with a problem document.

Owns the limit as a pure ASGI layer, and how a layer that read a body passes it on. A body that says how long
it is is refused before any of it is read; one that does not, as soon as it goes beyond.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from serving.api.problems import Problem, response_to

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


class BodyLimit:
    """Refuses bodies beyond a number of bytes with 413.

    Parameters
    ----------
    largest_bytes
        The longest body that is read.
    """

    def __init__(self, app: ASGIApp, largest_bytes: int) -> None:
        self._app, self._largest = app, largest_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on whose body is within the limit."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if _told_length(scope) > self._largest:
            problem = Problem(413, "too-large", "Body too large", self._detail())
            await problem.response(scope["path"])(scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._largest:
                # An HTTP error passes where the framework reads bodies; any other becomes a 400 there.
                raise HTTPException(413, self._detail())
            return message

        try:
            await self._app(scope, counted, send)
        except HTTPException as error:
            # From a layer that reads bodies itself: within the framework it was answered already.
            await response_to(error, scope["path"])(scope, receive, send)

    def _detail(self) -> str:
        return f"A request may bring {self._largest:,} bytes at most; send less, or in several requests."


def _told_length(scope: Scope) -> int:
    """Return how long a request says that its body is, 0 where it does not say."""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0


def again(first: Message, receive: Receive) -> Receive:
    """Return what receives a message that was received already, then those after it."""
    waiting = [first]

    async def received() -> Message:
        return waiting.pop() if waiting else await receive()

    return received
