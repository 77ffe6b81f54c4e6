"""Conditional requests: strong entity tags, 304, and links to the next page.

Owns RFC 9110's If-None-Match and RFC 8288's `next`. A route that can tell what its answer depends on tags it
without making it (`conditional`); every other answer to a GET is tagged by its content (`tagged`).
"""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse
from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fastapi import Request

CACHED = "private, no-cache"
"""Kept by the one who asked, and asked about again before it is used."""


def conditional(
    request: Request,
    depends_on: Callable[[], tuple[object, ...]],
    make: Callable[[], Mapping[str, Any]],
    also: Mapping[str, str] | None = None,
) -> Response:
    """Answer with an entity tag, or with 304 where the one who asks has the answer already.

    Parameters
    ----------
    depends_on
        Returns what the answer depends on besides the request, such as the published run and the overrides.
    make
        Makes the answer. Where what it depends on changed meanwhile, it goes out without a tag.
    also
        Headers of an answer that was made.
    """
    before = depends_on()
    tag = tag_of(request, before)
    headers = {"ETag": tag, "Cache-Control": CACHED}
    if matches(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers=headers)
    body = make()
    if depends_on() != before:
        headers = {}
    headers |= also or {}
    following = body.get("next_offset")
    if following is not None:
        headers["Link"] = f'<{link(request, following)}>; rel="next"'
    return JSONResponse(jsonable_encoder(body), headers=headers)


def tagged(request: Request, response: Response) -> Response:
    """Tag a successful answer by its content where it has no tag yet, or return 304 for what is known."""
    if response.status_code != 200 or "etag" in response.headers:
        return response
    tag = f'"{hashlib.sha256(response.body).hexdigest()[:32]}"'
    response.headers["ETag"] = tag
    response.headers.setdefault("Cache-Control", CACHED)
    if not matches(request.headers.get("if-none-match"), tag):
        return response
    kept = {name: value for name, value in response.headers.items() if not name.startswith("content-")}
    return Response(status_code=304, headers=kept)


def tag_of(request: Request, depends_on: tuple[object, ...]) -> str:
    """Return the strong tag of what was asked and what the answer depends on."""
    asked = [request.url.path, sorted(request.query_params.multi_items())]
    basis = json.dumps([version("encours"), *asked, [str(part) for part in depends_on]])
    return f'"{hashlib.sha256(basis.encode("utf-8", "replace")).hexdigest()[:32]}"'


def matches(came: str | None, tag: str) -> bool:
    """Tell whether a header If-None-Match names the tag; `*` names any.

    Examples
    --------
    >>> matches('W/"a", "b"', '"b"'), matches("*", '"b"'), matches('"c"', '"b"'), matches(None, '"b"')
    (True, True, False, False)
    """
    if came is None:
        return False
    named = [part.strip().removeprefix("W/") for part in came.split(",")]
    return tag in named or "*" in named


def link(request: Request, offset: int) -> str:
    """Return the path and query of the same question from another offset on."""
    url = request.url.include_query_params(offset=offset)
    return f"{url.path}?{url.query}"
