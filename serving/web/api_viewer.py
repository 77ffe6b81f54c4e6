"""The page `/docs`: Swagger UI over the OpenAPI document, from files of this machine alone.

Owns the page and where its files come from: an installed package brings Swagger UI, and the few lines that
start it are a static file of ours. Nothing is loaded from another host, and no script is inside the page.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from serving.web.rendering import static_address

if TYPE_CHECKING:
    from fastapi import FastAPI

PATH = "/docs"
FILES = f"{PATH}/swagger"
PACKAGE = "fastapi_swagger"

_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} - API</title>
<link rel="icon" href="/static/icon.svg">
<link rel="stylesheet" href="{files}/swagger-ui.css">
</head>
<body>
<div id="api"></div>
<script src="{files}/swagger-ui-bundle.js"></script>
<script src="{start}"></script>
</body>
</html>
"""


def install(app: FastAPI) -> None:
    """Add the page and its files to an application, which is made with `docs_url=None`."""
    page = _PAGE.format(title=app.title, files=FILES, start=static_address("api.js"))
    app.add_api_route(PATH, lambda: HTMLResponse(page), include_in_schema=False, response_model=None)
    app.mount(FILES, StaticFiles(directory=str(files(PACKAGE) / "resources")), name="swagger")
