"""Find a customer."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from serving.api.dependencies import PublishedListsDep
from serving.api.sessions import PageCaller
from serving.api.views import PAGE, viewer_of
from serving.schemas.questions import PlainText
from serving.web.rendering import page
from serving.web.view_models.lists import PER_PAGE
from serving.web.view_models.search import search_view

router = APIRouter()


@router.get("/")
def search(
    request: Request,
    person: PageCaller,
    lists: PublishedListsDep,
    q: Annotated[PlainText, Query(max_length=200)] = "",
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> HTMLResponse:
    """List customers by part of a name, start of a SIREN or number."""
    found = lists.customers(viewer_of(request, person, PAGE), q, PER_PAGE, offset)
    view = search_view(q, found.page, found.run.key.as_of, found.made)
    return page(request, "search.html", person, view=view)
