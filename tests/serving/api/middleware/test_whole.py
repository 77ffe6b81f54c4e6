"""An answer that is all there says the same in one piece as in two."""

import asyncio

import pytest
from starlette.types import Message, Scope

from serving.api.middleware.whole import Whole

OWN = ((b"x-answer-id", b"f" * 32),)
BODY = b'{"grade":"A"}'


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_both_ways_say_the_same(scheme: str):
    scope: Scope = {"type": "http", "path": "/v1/assessments", "scheme": scheme}
    answer, sent = Whole(b"application/json", OWN, BODY), list[Message]()

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        raise AssertionError

    asyncio.run(answer(scope, receive, send))
    start, body = sent
    lines = [tuple(line.split(b": ", 1)) for line in answer.head(scope).split(b"\r\n")[:-1]]
    assert start["status"] == 200
    assert sorted(lines) == sorted(start["headers"])
    assert body["body"] == BODY
    names = [name for name, _ in lines]
    assert len(set(names)) == len(names)
    assert {(b"content-length", b"13"), *OWN} <= set(lines)
    assert (b"strict-transport-security" in names) == (scheme == "https")
