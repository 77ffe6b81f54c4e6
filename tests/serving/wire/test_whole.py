"""An answer that is all there says the same in one piece as in two."""

import asyncio

import pytest
from starlette.types import Message, Scope

from serving.wire.whole import WHOLE, send_whole

OWN = [(b"x-answer-id", b"f" * 32)]
BODY = b'{"grade":"A"}'


def sent(scope: Scope) -> list[Message]:
    """Return what is sent as ASGI has it."""
    found: list[Message] = []

    async def send(message: Message) -> None:
        found.append(message)

    asyncio.run(send_whole(scope, send, b"application/json", OWN, BODY))
    return found


def scope_with(write: object = None, scheme: str = "http") -> Scope:
    extensions = {} if write is None else {WHOLE: write}
    return {"type": "http", "path": "/v1/assessments", "scheme": scheme, "extensions": extensions}


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_both_ways_say_the_same(scheme: str):
    pieces: list[tuple[bytes, bytes]] = []

    def write(head: bytes, body: bytes) -> bool:
        pieces.append((head, body))
        return True

    assert sent(scope_with(write, scheme)) == []
    start, body = sent(scope_with(None, scheme))
    ((head, whole),) = pieces
    lines = [tuple(line.split(b": ", 1)) for line in head.split(b"\r\n")[:-1]]
    assert sorted(lines) == sorted(start["headers"])
    assert body["body"] == whole == BODY
    names = [name for name, _ in lines]
    assert len(set(names)) == len(names)
    assert (b"content-length", b"13") in lines
    assert (b"strict-transport-security" in names) == (scheme == "https")


def test_what_the_server_cannot_write_at_once_goes_out_as_asgi_has_it():
    start, body = sent(scope_with(lambda _head, _body: False))
    assert (start["status"], body["body"]) == (200, BODY)


def test_a_server_that_offers_nothing_is_answered_too():
    start, _ = sent({"type": "http", "path": "/v1/assessments", "scheme": "http"})
    assert dict(start["headers"])[b"content-type"] == b"application/json"
