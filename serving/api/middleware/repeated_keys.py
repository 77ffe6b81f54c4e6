"""A question that says a thing twice is refused: nobody can tell which of both was meant.

Owns this check as a pure ASGI layer, for JSON readers take the last of two equal keys without a word. A body
that is no JSON is passed on, and refused where it is read.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from serving.api.middleware.bodies import again
from serving.api.problems import Problem

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

UNDER = "/v1/"
LONGEST_SHOWN = 100


class RepeatedKeys:
    """Refuses questions to the API in which an object has a key more than once, with 400.

    It stands within `serving.api.middleware.bodies.BodyLimit`, which bounds what is read here.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on whose body says each thing once."""
        if scope["type"] != "http" or scope["method"] != "POST" or not scope["path"].startswith(UNDER):
            await self._app(scope, receive, send)
            return
        message = await _whole(receive)
        repeated = repeated_key(message.get("body", b""))
        if repeated is None:
            await self._app(scope, again(message, receive), send)
            return
        shown = repeated if len(repeated) <= LONGEST_SHOWN else f"{repeated[:LONGEST_SHOWN]}…"
        detail = f"The key {shown!r} stands twice in one object of the body; say it once."
        problem = Problem(400, "repeated-key", "A key stands twice", detail, errors=[(shown, detail)])
        await problem.response(scope["path"])(scope, receive, send)


def repeated_key(body: bytes) -> str | None:
    """Return the first key that an object of a JSON text has twice, None where there is none or no JSON.

    Examples
    --------
    >>> repeated_key(b'{"a": 1, "b": {"c": 1, "c": 2}}'), repeated_key(b'[{"a": 1}, {"a": 1}]')
    ('c', None)
    """
    try:
        return repeated_key_of(body.decode(json.detect_encoding(body)))
    except ValueError:
        return None


def repeated_key_of(text: str) -> str | None:
    """Do as `repeated_key` does, of a body that is decoded."""
    try:
        _READER.decode(text)
    except _RepeatedError as error:
        return error.key
    except (ValueError, RecursionError):
        return None
    return None


class _RepeatedError(Exception):
    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def _once(pairs: list[tuple[str, Any]]) -> None:
    """Take an object's keys; what they stand for is of no interest here."""
    if len(pairs) > 1:
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _RepeatedError(key)
            seen.add(key)


_READER = json.JSONDecoder(object_pairs_hook=_once)


async def _whole(receive: Receive) -> Message:
    """Return a whole body as one message, or that who asks went away before it was there."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return message
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return {**message, "body": b"".join(parts)}
