"""Answers that are all there go out in one piece: head and body in one write.

Owns how such an answer is sent. Where the server offers no more than ASGI does (another server, a test), or
where something speaks against it (a connection that closes, one that is slow), it goes out as ASGI has it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from serving.wire.headers import with_ours

if TYPE_CHECKING:
    from starlette.types import Scope, Send

WHOLE = "encours.whole"
"""The ASGI extension by which our server offers it: a function of the head's lines and the body, which
tells whether it wrote them."""


async def send_whole(
    scope: Scope, send: Send, content_type: bytes, own: list[tuple[bytes, bytes]], body: bytes
) -> None:
    """Answer 200 with a body, its length, and the headers that every answer has.

    Parameters
    ----------
    own
        Further headers of this answer: names in lower case, values without control characters.
    """
    own = [(b"content-length", b"%d" % len(body)), *own]
    always, lines = _always(content_type, scope["path"], scope["scheme"])
    write = scope.get("extensions", {}).get(WHOLE)
    if write is not None and write(lines + b"".join([b"%s: %s\r\n" % pair for pair in own]), body):
        return
    await send({"type": "http.response.start", "status": 200, "headers": [*always, *own]})
    await send({"type": "http.response.body", "body": body})


@cache
def _always(content_type: bytes, path: str, scheme: str) -> tuple[tuple[tuple[bytes, bytes], ...], bytes]:
    """Return the headers that do not hang on the answer, and their lines; few paths are answered so."""
    headers = tuple(with_ours([(b"content-type", content_type)], {"path": path, "scheme": scheme}))
    return headers, b"".join([b"%s: %s\r\n" % pair for pair in headers])
