"""What is no HTTP request, or one whose head does not end: refused with a problem document too.

Owns the parser's side of a connection, before there is a request that the application could answer: the
server's own answer is a line of plain text without our headers, and it takes heads of any length. And it
asks the application's short way, if it has one (`serving.api.middleware.whole`), before it makes a task of a
request. It stands on the names of uvicorn's protocol over httptools; import it only where a server runs.
"""

from __future__ import annotations

import asyncio
import json
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

import structlog
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from serving.api.middleware.headers import with_ours
from serving.api.middleware.whole import SHORT_WAY, Whole
from serving.api.problems import MEDIA_TYPE, Problem

if TYPE_CHECKING:
    from starlette.types import ASGIApp
    from uvicorn._types import ASGI3Application

    from serving.api.middleware.whole import ShortWay, Take

LONGEST_HEAD = 65_536
"""Bytes of a request line and its headers, as h11 has it."""
LINGER_S = 2.0
"""How long a refused connection is read on, so that its answer is not lost with what is still under way."""


class Wire(HttpToolsProtocol):
    """Uvicorn's HTTP/1.1 with an end to heads, problems for what is no request, and a short way."""

    _is_refused = False
    _is_head_open = False
    _head_bytes = 0
    """How much of an open head came before what is being read."""
    _came_bytes = 0
    _held: tuple[RequestResponseCycle, Take] | None = None
    """The request that the short way takes once its body is there."""

    def data_received(self, data: bytes) -> None:
        """Take what came, unless the connection was refused already."""
        if self._is_refused:
            return
        self._came_bytes = len(data)
        super().data_received(data)
        if self._is_head_open and not self._is_refused:
            self._head_bytes += len(data)
            if self._head_bytes > LONGEST_HEAD:
                self.send_400_response("")

    def on_message_begin(self) -> None:
        """Begin a request: its head is open until its headers are complete."""
        self._is_head_open, self._head_bytes = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Pass a request on whose head is within the limit.

        Raises
        ------
        ValueError
            It is not; the parser tells it back to `data_received`, which refuses it.
        """
        if self._head_bytes + self._came_bytes > LONGEST_HEAD:
            length = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
            if length > LONGEST_HEAD:
                self._head_bytes = length
                raise ValueError("the head of the request is too long")
        self._is_head_open = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """End a request; who takes the short way is taken."""
        super().on_message_complete()
        held, self._held = self._held, None
        if held is not None:
            self._take(*held)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        """Begin to answer a request: the short way where there is one, else as ASGI has it."""
        # Who waits to be told to go on is told so where ASGI's `receive` is called.
        may = app is self.app and not cycle.waiting_for_100_continue
        short: ShortWay | None = self.app_state.get(SHORT_WAY) if may else None
        take = None if short is None else short.offer(_scope(cycle))
        if take is None:
            super()._start_asgi_task(cycle, app)
        elif cycle.more_body:
            self._held = cycle, take
        else:
            self._take(cycle, take)

    def _take(self, cycle: RequestResponseCycle, take: Take) -> None:
        try:
            taken = take(bytes(cycle.body), partial(self._answer, cycle))
        except Exception as error:  # noqa: BLE001  # the parser would lay it at the door of who asked
            structlog.get_logger().error("short_way_failed", reason=repr(error))
            taken = False
        if not taken:
            super()._start_asgi_task(cycle, self.app)

    def _answer(self, cycle: RequestResponseCycle, app: ASGIApp) -> None:
        if not isinstance(app, Whole) or not _write_whole(cycle, app):
            # The same agreement, in the words of another library.
            super()._start_asgi_task(cycle, cast("ASGI3Application", app))

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  # the server's words are not for people
        """Answer with a problem in place of the server's own words, and end the connection."""
        self._is_refused = True
        problem = _too_long() if self._head_bytes > LONGEST_HEAD else _unreadable()
        body = json.dumps(problem.document("/")).encode()
        own = [(b"content-type", MEDIA_TYPE.encode()), (b"content-length", str(len(body)).encode())]
        scope = {"path": "/", "scheme": self.scheme}
        headers = with_ours([*self.server_state.default_headers, *own, (b"connection", b"close")], scope)
        reason = HTTPStatus(problem.status).phrase.encode()
        lines = [b"HTTP/1.1 %d %s" % (problem.status, reason), *(b"%s: %s" % pair for pair in headers)]
        self.transport.write(b"\r\n".join([*lines, b"", body]))
        if self.transport.can_write_eof():
            self.transport.write_eof()
        asyncio.get_running_loop().call_later(LINGER_S, self.transport.close)


def _write_whole(cycle: RequestResponseCycle, answer: Whole) -> bool:
    """Write an answer as `RequestResponseCycle.send` does in two steps, in one; tell whether it could be."""
    is_plain = cycle.keep_alive and not cycle.waiting_for_100_continue and not cycle.access_log
    if cycle.response_started or cycle.disconnected or cycle.flow.write_paused or not is_plain:
        return False
    cycle.response_started = cycle.response_complete = True
    own = [b"%b: %b\r\n" % pair for pair in cycle.default_headers]
    head = answer.head(_scope(cycle))
    cycle.transport.write(b"".join((STATUS_LINE[200], *own, head, b"\r\n", answer.body)))
    cycle.message_event.set()
    cycle.on_response()
    return True


def _scope(cycle: RequestResponseCycle) -> dict[str, Any]:
    return cast("dict[str, Any]", cycle.scope)


def _too_long() -> Problem:
    detail = f"A request may bring {LONGEST_HEAD:,} bytes of address and headers at most; send fewer."
    return Problem(431, "head-too-long", "Request head too long", detail)


def _unreadable() -> Problem:
    detail = (
        "What came is no HTTP/1.1 request; check the request line, the headers and the length of the body."
    )
    return Problem(400, "no-request", "No readable request", detail)
