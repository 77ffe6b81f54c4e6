"""What a person sees of an error: a page in the person's language that says what to do.

Owns when a problem becomes a page; what becomes which problem is `serving.problems`'. A program is answered
as before.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from serving.web.rendering import page, speech

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI, Request
    from starlette.responses import Response

TOLD = (400, 401, 403, 404, 405, 413, 422, 429, 500, 503)
"""The statuses that have texts of their own."""
_OTHER = 500
_WITHIN = ("no-run", "no-champion", "unknown-customer")
"""The kinds of problems that have texts of their own."""


def install(app: FastAPI) -> None:
    """Make every error that an application answers a page, where a person asked."""
    for kind, answer in list(app.exception_handlers.items()):
        app.add_exception_handler(kind, _for_people(answer))


def wants_page(request: Request) -> bool:
    """Tell whether a person in a browser asks, and not a program or a script."""
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/v1/")


def error_page(request: Request, problem: Response) -> Response:
    """Return a problem document as a page with the same status and headers."""
    document: dict[str, Any] = json.loads(bytes(problem.body))
    status = int(document["status"])
    slug = str(document["type"]).rsplit(":", 1)[-1]
    told = slug if slug in _WITHIN else str(status if status in TOLD else _OTHER)
    kept = {name: problem.headers[name] for name in ("retry-after",) if name in problem.headers}
    w = speech(request)
    title, what_to_do = w(f"error.{told}"), w(f"error.{told}_do")
    return page(request, "error.html", None, status=status, headers=kept, title=title, what_to_do=what_to_do)


def _for_people(answer: Callable[..., Any]) -> Callable[..., Any]:
    def told(request: Request, error: Exception) -> Response:
        problem: Response = answer(request, error)
        elsewhere = "location" in problem.headers
        return error_page(request, problem) if wants_page(request) and not elsewhere else problem

    return told
