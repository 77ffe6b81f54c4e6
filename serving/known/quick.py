"""The short way of an assessment: a known customer, asked about with a key.

Owns what is taken off the framework's way where everything needed is in memory, and nothing else: whatever
this way does not know (a session, a prospect, a body at fault, models not loaded) goes the ordinary way,
which answers or refuses it. A pure ASGI layer around all others, for layers, routing and dependencies cost as
much as an answer; so it adds the headers that every answer has, and leaves alone what only the layers within
look at: long bodies, and questions that say a thing twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.errors import CreditError
from serving.problems import Problem, response_to
from serving.security import address_of
from serving.shapes.questions import AssessmentIn
from serving.wire.bodies import again
from serving.wire.headers import SecurityHeaders
from serving.wire.repeated_keys import repeated_key_of
from serving.wire.whole import send_whole

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from serving.security import Guard
    from serving.services import Services

PATH = "/v1/assessments"
JSON = b"application/json"
LONGEST_BODY = 4_096


class ShortWay:
    """Answers assessments the short way where it can, and passes every other request on.

    Parameters
    ----------
    services, guard
        Of the application: what is asked, and by whom.
    """

    def __init__(self, app: ASGIApp, services: Services, guard: Guard) -> None:
        self._app, self._services, self._guard = app, services, guard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on untouched."""
        key = _key(scope) if scope["type"] == "http" and scope["path"] == PATH else None
        if key is None or self._services.assessor_in_use() is None:
            await self._app(scope, receive, send)
            return
        written = None
        try:
            caller = await self._guard.of_key(key, address_of(scope))
            message = await receive()
            question = _question(message)
            if question is not None:
                self._guard.limits.require(f"{caller.via}:{caller.name}")
                written = await self._services.desk.ask(question, caller)
        except (Problem, CreditError) as error:
            await SecurityHeaders(response_to(error, scope["path"]))(scope, receive, send)
            return
        if written is None:
            await self._app(scope, again(message, receive), send)
        else:
            own = [(b"x-answer-id", written.answer_id.encode())]
            await send_whole(scope, send, JSON, own, written.body)


def _key(scope: Scope) -> str | None:
    """Return the key of a request that brings one and a short JSON body, else None."""
    found: dict[bytes, bytes] = dict(reversed(scope["headers"]))
    key, length = found.get(b"x-api-key"), found.get(b"content-length", b"")
    is_short = length.isdigit() and int(length) <= LONGEST_BODY
    if not key or not is_short or found.get(b"content-type") != JSON or scope["method"] != "POST":
        return None
    return key.decode("latin-1")


def _question(message: Message) -> AssessmentIn | None:
    """Return what is asked about a known customer, None where it is something else or not all there."""
    if message["type"] != "http.request" or message.get("more_body", False):
        return None
    try:
        text = message.get("body", b"").decode()
        question = AssessmentIn.model_validate_json(text)
    except ValueError:
        return None
    return None if question.customer_id is None or repeated_key_of(text) is not None else question
