"""The pages put together: their routes, their static files, and what a person sees of an error."""

from fastapi import APIRouter, FastAPI

from serving.web import errors
from serving.web.pages import (
    access,
    alerts,
    audit,
    cases,
    cash,
    collection,
    customer,
    exports,
    finance,
    migration,
    models,
    outbox,
    overrides,
    policy_changes,
    portfolio,
    prospect,
    provisions,
    risk,
    rules,
    saved_views,
    search,
    selection,
    sign_in,
    simulator,
    stress,
    uploads,
    worklist,
)
from serving.web.static_files import StaticPages

PAGES = (
    search,
    saved_views,
    selection,
    customer,
    overrides,
    simulator,
    prospect,
    portfolio,
    risk,
    cash,
    stress,
    provisions,
    finance,
    migration,
    alerts,
    worklist,
    collection,
    cases,
    models,
    rules,
    exports,
    policy_changes,
    uploads,
    access,
    outbox,
    audit,
    sign_in,
)


def install(app: FastAPI) -> None:
    """Add the pages to an application that answers errors already."""
    pages = APIRouter(include_in_schema=False)
    for one in PAGES:
        pages.include_router(one.router)
    app.include_router(pages)
    app.mount("/static", StaticPages(), name="static")
    errors.install(app)
