"""Styles, scripts and pictures of the pages, which browsers keep.

Owns how long: a year where the address names the version that it got, else until it is asked about again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.staticfiles import StaticFiles

from serving.web.rendering import STATIC, static_address

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import Scope

KEPT_A_YEAR = "public, max-age=31536000, immutable"
ASKED_AGAIN = "no-cache"


class StaticPages(StaticFiles):
    """The static files of the pages."""

    def __init__(self) -> None:
        super().__init__(directory=STATIC)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file, with how long it may be kept."""
        response = await super().get_response(path, scope)
        asked = f"/static/{path}?{scope['query_string'].decode('latin-1')}"
        is_known = response.status_code in {200, 304} and asked == static_address(path)
        response.headers["Cache-Control"] = KEPT_A_YEAR if is_known else ASKED_AGAIN
        return response
