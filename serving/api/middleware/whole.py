"""Answers that are all there: head and body in one write where the server can, as ASGI has it where not.

Owns how such an answer is sent, and the agreement by which an application answers some requests without
ASGI: what a server takes of it (`ShortWay`), and where the server finds it (`SHORT_WAY`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Protocol

from serving.api.middleware.headers import with_ours

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

SHORT_WAY = "encours.short_way"
"""Under this name the application offers its short way in the state of its lifespan."""

Tell = Callable[["ASGIApp"], None]
"""Takes what answers a request: a `Whole`, or any other application."""
Take = Callable[[bytes, Tell], bool]
"""Takes a request's body and whom to tell; false where the request must go the ordinary way after all. It is
called on the event loop, and so is whom it tells."""


class ShortWay(Protocol):
    """Answers some requests without ASGI."""

    def offer(self, scope: Scope) -> Take | None:
        """Return what takes a request, None where it goes the ordinary way; its body is not there yet."""


@dataclass(frozen=True, slots=True, eq=False)
class Whole:
    """An answer with status 200 and the headers that every answer has; an ASGI application in itself.

    Parameters
    ----------
    own
        Further headers: names in lower case, values without control characters.
    """

    content_type: bytes
    own: tuple[tuple[bytes, bytes], ...]
    body: bytes

    def head(self, scope: Scope) -> bytes:
        """Return the headers' lines."""
        own = b"".join([b"%b: %b\r\n" % pair for pair in self.own])
        lines = _always(self.content_type, scope["path"], scope["scheme"])[1]
        return b"%bcontent-length: %d\r\n%b" % (lines, len(self.body), own)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  # of ASGI
        """Answer as ASGI has it."""
        always = _always(self.content_type, scope["path"], scope["scheme"])[0]
        headers = [*always, (b"content-length", b"%d" % len(self.body)), *self.own]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})


@cache
def _always(content_type: bytes, path: str, scheme: str) -> tuple[tuple[tuple[bytes, bytes], ...], bytes]:
    """Return the headers that do not hang on the answer, and their lines; few paths are answered so."""
    headers = tuple(with_ours([(b"content-type", content_type)], {"path": path, "scheme": scheme}))
    return headers, b"".join([b"%b: %b\r\n" % pair for pair in headers])
