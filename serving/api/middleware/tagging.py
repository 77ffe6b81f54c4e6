"""Every answer to a GET of the API carries an entity tag: that of what is said, where the route knows none.

Owns the tag of a content as a pure ASGI layer, so that no route can forget it. Routes that can tell without
making the answer that it is the same (`serving.api.middleware.conditional`) bring their own tag, and are
passed on.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders

from serving.api.middleware.conditional import CACHED, matches

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

UNDER = "/v1/"


class ContentTags:
    """Tags answers that carry no tag, and sends 304 where who asks has the same answer already."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its answer back with a tag."""
        if scope["type"] == "http" and scope["method"] == "GET" and scope["path"].startswith(UNDER):
            came = Headers(scope=scope).get("if-none-match")
            await self._app(scope, receive, _Tagging(send, came).send)
        else:
            await self._app(scope, receive, send)


class _Tagging:
    """Holds one answer back until all of it is there; what needs no tag goes out at once."""

    def __init__(self, send: Send, came: str | None) -> None:
        self._send, self._came = send, came
        self._start: Message | None = None
        self._parts: list[bytes] = []

    async def send(self, message: Message) -> None:
        """Take a part of the answer."""
        if message["type"] == "http.response.start" and _needs_tag(message):
            self._start = message
        elif self._start is None or message["type"] != "http.response.body":
            await self._send(message)
        else:
            self._parts.append(message.get("body", b""))
            if not message.get("more_body", False):
                await self._send_tagged(self._start, b"".join(self._parts))

    async def _send_tagged(self, start: Message, body: bytes) -> None:
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        headers = MutableHeaders(raw=list(start["headers"]))
        headers["ETag"] = tag
        headers.setdefault("Cache-Control", CACHED)
        if matches(self._came, tag):
            del headers["content-length"]
            del headers["content-type"]
            start, body = {**start, "status": 304}, b""
        await self._send({**start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": body})


def _needs_tag(start: Message) -> bool:
    return start["status"] == 200 and "etag" not in Headers(raw=start["headers"])
