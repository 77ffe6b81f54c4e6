"""The short way of an assessment: a known customer, asked about with a key.

Owns what is taken off the framework's way where everything needed is in memory, and nothing else: whatever
this way does not know (a session, a prospect, a body at fault, models not loaded) goes the ordinary way,
which answers or refuses it. Where the key was seen a moment ago our server takes it before there is a task
(`serving.api.middleware.protocol`). Else, and under any other server, it is a pure ASGI layer around all
others, for layers, routing and dependencies cost as much as an answer; what only the layers within look at it
leaves alone: long bodies, and questions that say a thing twice.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from models.errors import CreditError
from serving.api.middleware.bodies import again
from serving.api.middleware.headers import SecurityHeaders
from serving.api.middleware.repeated_keys import repeated_key_of
from serving.api.middleware.whole import Whole
from serving.api.problems import Problem, response_to
from serving.api.schemas.questions import AssessmentIn
from serving.api.security import address_of
from serving.known.writing import Written

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from serving.api.authentication import Authenticator
    from serving.api.middleware.whole import Take, Tell
    from serving.api.security import Caller
    from serving.services import Services

PATH = "/v1/assessments"
JSON = b"application/json"
LONGEST_BODY = 4_096


class Shortcut:
    """Takes assessments that can be answered the short way, for `serving.api.middleware.whole`.

    Parameters
    ----------
    services, guard
        Of the application: what is asked, and by whom.
    """

    def __init__(self, services: Services, guard: Authenticator) -> None:
        self._services, self._guard = services, guard

    def key_of(self, scope: Scope) -> str | None:
        """Return the key of a request that may go this way, else None; its body is not there yet."""
        if scope["type"] != "http" or scope["path"] != PATH or scope["method"] != "POST":
            return None
        return None if scope["query_string"] or self._services.assessor_in_use() is None else _key(scope)

    def offer(self, scope: Scope) -> Take | None:
        """Return what takes a request, None where it goes the ordinary way."""
        key = self.key_of(scope)
        return None if key is None else partial(self._take, scope, key)

    async def caller(self, scope: Scope, key: str) -> Caller:
        """Return whose key this is, as `Authenticator.of_key` does."""
        return await self._guard.of_key(key, address_of(scope))

    def ask(self, scope: Scope, caller: Caller, question: AssessmentIn, tell: Tell) -> None:
        """Have a question answered, or refuse it."""
        try:
            self._guard.limits.require(f"{caller.via}:{caller.name}")
        except Problem as error:
            tell(_told(scope, error))
        else:
            self._services.desk.ask(question, caller, lambda found: tell(_told(scope, found)))

    def _take(self, scope: Scope, key: str, body: bytes, tell: Tell) -> bool:
        caller = self._guard.trusted_by_key(key)
        question = None if caller is None else _question(body)
        if caller is None or question is None:
            return False
        self.ask(scope, caller, question, tell)
        return True


class ShortWayLayer:
    """Answers assessments the short way where it can, and passes every other request on."""

    def __init__(self, app: ASGIApp, shortcut: Shortcut) -> None:
        self._app, self._shortcut = app, shortcut

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on untouched."""
        key = self._shortcut.key_of(scope)
        if key is None:
            await self._app(scope, receive, send)
            return
        try:
            caller = await self._shortcut.caller(scope, key)
        except (Problem, CreditError) as error:
            await _told(scope, error)(scope, receive, send)
            return
        message = await receive()
        question = _question(message["body"]) if _is_whole(message) else None
        if question is None:
            await self._app(scope, again(message, receive), send)
            return
        answer: asyncio.Future[ASGIApp] = asyncio.get_running_loop().create_future()
        self._shortcut.ask(scope, caller, question, partial(_set, answer))
        await (await answer)(scope, receive, send)


def _set(answer: asyncio.Future[ASGIApp], app: ASGIApp) -> None:
    if not answer.done():  # it is where who asked went away
        answer.set_result(app)


def _told(scope: Scope, found: Written | Exception) -> ASGIApp:
    """Return what answers a request."""
    if isinstance(found, Written):
        return Whole(JSON, ((b"x-answer-id", found.answer_id.encode()),), found.body)
    return SecurityHeaders(response_to(found, scope["path"]))


def _key(scope: Scope) -> str | None:
    """Return the key of a request that brings one and a short JSON body, else None."""
    found: dict[bytes, bytes] = dict(reversed(scope["headers"]))
    key, length = found.get(b"x-api-key"), found.get(b"content-length", b"")
    is_short = length.isdigit() and int(length) <= LONGEST_BODY
    if not key or not is_short or found.get(b"content-type") != JSON:
        return None
    return key.decode("latin-1")


def _is_whole(message: Message) -> bool:
    return message["type"] == "http.request" and "body" in message and not message.get("more_body", False)


def _question(body: bytes) -> AssessmentIn | None:
    """Return what is asked about a known customer, None where it is something else or at fault."""
    try:
        text = body.decode()
        question = AssessmentIn.model_validate_json(text)
    except ValueError:
        return None
    if question.customer_id is None:
        return None
    # A body with a colon a field says each thing once; it costs less to count than to read it again.
    once = text.count(":") == len(question.model_fields_set) or repeated_key_of(text) is None
    return question if once else None
