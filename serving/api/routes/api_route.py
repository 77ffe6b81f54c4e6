"""The route class of the API: what holds for every one of its routes, so that a new one cannot forget it.

The caller is authenticated before the body is read; the address has no unknown parameter; the body, which is
parsed once, has no duplicate key, for JSON readers take the last of two equal ones without a word; and every
answer to a GET has an entity tag.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.routing import APIRoute

from serving.api.middleware.conditional import tagged
from serving.api.problems import DuplicateKeyError
from serving.api.queries import query_names, require_known_query
from serving.api.security import authenticate

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from starlette.responses import Response

    from serving.api.wiring import Wiring
    from serving.callers import Caller


class ApiRequest(Request):
    """A request of the API whose caller is authenticated; a JSON object with a key twice is refused.

    A route that takes one in its signature reads the caller and its use case from it: for the busiest route
    that costs less than a dependency each.
    """

    @property
    def caller(self) -> Caller:
        """Return who makes it."""
        found: Caller = self.state.caller
        return found

    @property
    def wiring(self) -> Wiring:
        """Return the wiring of the application."""
        found: Wiring = self.app.state.wiring
        return found

    async def json(self) -> Any:  # noqa: ANN401  # any JSON value
        """Return the parsed body.

        Raises
        ------
        DuplicateKeyError
            An object has a key twice.
        """
        return parse(await self.body())


class ApiRoute(APIRoute):
    """A route of the API."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request."""
        handle, known = super().get_route_handler(), query_names(self.dependant)
        is_get = "GET" in (self.methods or ())

        async def handled(request: Request) -> Response:
            own = ApiRequest(request.scope, request.receive)
            own.state.caller = await authenticate(own)
            require_known_query(own, known)
            response = await handle(own)
            return tagged(own, response) if is_get else response

        return handled


def api_router(noun: str, **more: Any) -> APIRouter:  # noqa: ANN401  # the framework's own parameters
    """Return a router of the API for a noun, such as `customers`; its routes are `ApiRoute`s."""
    return APIRouter(prefix=f"/{noun}", tags=[noun], route_class=ApiRoute, **more)


def parse(body: bytes) -> Any:  # noqa: ANN401  # any JSON value
    """Parse JSON in UTF-8, UTF-16 or UTF-32.

    Raises
    ------
    DuplicateKeyError
        An object has a key twice.
    ValueError
        It is no JSON.

    Examples
    --------
    >>> parse(b'[{"a": 1}, {"a": 2}]')
    [{'a': 1}, {'a': 2}]
    """
    return _DECODER.decode(body.decode(json.detect_encoding(body)))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise DuplicateKeyError(key)
            seen.add(key)
    return made


_DECODER = json.JSONDecoder(object_pairs_hook=_object)
