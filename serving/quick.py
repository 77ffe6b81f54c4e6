"""The short way of an assessment: a known customer, asked about with a key.

Owns what is taken off the framework's way where everything needed is in memory, and nothing else: whatever
this way does not know (a session, an unknown key, a prospect, a body at fault, models not loaded) goes the
ordinary way, which answers or refuses it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi.routing import APIRoute
from pydantic import ValidationError
from starlette.responses import Response

from serving.entries import ANSWER_ID_HEADER
from serving.schemas import AssessmentIn

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from starlette.requests import Request

    from serving.security import Guard
    from serving.services import Services

JSON = b"application/json"
LONGEST_BODY = 4_096


class QuickRoute(APIRoute):
    """A route that answers the short way where it can, and else as any other."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler, the ordinary one within."""
        ordinary = super().get_route_handler()

        async def handle(request: Request) -> Response:
            answer = await _answer(request)
            return await ordinary(request) if answer is None else answer

        return handle


async def _answer(request: Request) -> Response | None:
    """Answer, or return None where the request must go the ordinary way."""
    state = request.app.state
    services: Services = state.services
    guard: Guard = state.guard
    key, is_short = _read(request.scope["headers"])
    if key is None or not is_short or services.assessor_in_use() is None:
        return None
    caller = await guard.of_key(key)
    if caller is None:
        return None
    try:
        question = AssessmentIn.model_validate_json(await request.body())
    except ValidationError:
        return None
    if question.customer_id is None:
        return None
    guard.limits.require(f"{caller.via}:{caller.name}")
    written = await services.desk.ask(question, caller)
    return Response(
        written.body, headers={ANSWER_ID_HEADER: written.answer_id}, media_type="application/json"
    )


def _read(headers: list[tuple[bytes, bytes]]) -> tuple[str | None, bool]:
    """Return the key, and whether a short JSON body follows."""
    found: dict[bytes, bytes] = {}
    for name, value in headers:
        found.setdefault(name, value)
    key, length = found.get(b"x-api-key"), found.get(b"content-length", b"")
    is_short = length.isdigit() and int(length) <= LONGEST_BODY
    return None if key is None else key.decode("latin-1"), is_short and found.get(b"content-type") == JSON
