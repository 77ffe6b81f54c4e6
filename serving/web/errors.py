"""What a person sees of an error: a page in the person's language that says what to do.

Owns when a problem becomes a page, and who is named on it; what becomes which problem is
`serving.api.problems`'. A program is answered as before.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from models.errors import CreditError
from serving.api.middleware.headers import local
from serving.api.problems import OTHER_VERSION, Problem
from serving.api.security import COOKIE, address_of
from serving.web.rendering import page, speech

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI, Request
    from starlette.responses import Response

    from serving.api.authentication import Authenticator
    from serving.callers import Caller

TOLD = (400, 401, 403, 404, 405, 413, 422, 429, 500, 503)
"""The statuses that have texts of their own."""
PART_HEADER = "x-part"
"""Comes where a script asks for a part of a page; a whole page within it would show the navigation twice."""
_OTHER = 500
_AT_A_LOSS = (429, 500, 503)
"""Where asking the same again may help, and asking the store more does not."""
_WITHIN = ("no-run", "no-champion", "unknown-customer", OTHER_VERSION)
"""The kinds of problems that have texts of their own."""


def install(app: FastAPI) -> None:
    """Make every error that an application answers a page, where a person asked."""
    for kind, answer in list(app.exception_handlers.items()):
        app.add_exception_handler(kind, _for_people(answer))


def wants_page(request: Request) -> bool:
    """Tell whether a person in a browser asks, and not a program or a script."""
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/v1/")


def error_page(request: Request, problem: Response, person: Caller | None) -> Response:
    """Return a problem document as a page with the same status and headers.

    Parameters
    ----------
    person
        Who is signed in, so that the navigation stays; None where nobody is, or nobody can tell.
    """
    document: dict[str, Any] = json.loads(bytes(problem.body))
    status = int(document["status"])
    slug = str(document["type"]).rsplit(":", 1)[-1]
    kind = slug if slug in _WITHIN else str(status if status in TOLD else _OTHER)
    kept = {name: problem.headers[name] for name in ("retry-after",) if name in problem.headers}
    w = speech(request)
    title = w(f"error.{kind}")
    what_to_do = w.refusal(document["detail"]) if kind == OTHER_VERSION else w(f"error.{kind}_do")
    again = local(str(request.url)) if status in _AT_A_LOSS and request.method == "GET" else None
    return page(
        request,
        "error_part.html" if PART_HEADER in request.headers else "error.html",
        person,
        status=status,
        headers=kept,
        title=title,
        what_to_do=what_to_do,
        again=again,
    )


async def person_of(request: Request, status: int) -> Caller | None:
    """Return who is signed in, as far as that is known without failing again.

    Where the server itself is at a loss, nobody asks the store once more: who came with the same session a
    moment ago is taken for the same person. The page shows nothing that needs a right.
    """
    token = request.cookies.get(COOKIE)
    if not token:
        return None
    guard: Authenticator = request.app.state.wiring.authenticator
    known = guard.last_of_session(token)
    if status in _AT_A_LOSS:
        return known
    try:
        return await guard.of_session(token, address_of(request.scope))
    except (CreditError, Problem):
        return known


def _for_people(answer: Callable[..., Any]) -> Callable[..., Any]:
    async def respond(request: Request, error: Exception) -> Response:
        problem: Response = answer(request, error)
        elsewhere = "location" in problem.headers
        if elsewhere or not wants_page(request):
            return problem
        return error_page(request, problem, await person_of(request, problem.status_code))

    return respond
