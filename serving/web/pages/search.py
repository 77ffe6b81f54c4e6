"""Find a customer."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from serving.dependencies import RunDep, StoreDep
from serving.schemas import PlainText
from serving.sessions import PageCaller
from serving.web.rendering import page
from serving.web.view_models.lists import PER_PAGE
from serving.web.view_models.search import search_view

router = APIRouter()


@router.get("/")
def search(
    request: Request,
    person: PageCaller,
    store: StoreDep,
    run: RunDep,
    q: Annotated[PlainText, Query(max_length=200)] = "",
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> HTMLResponse:
    """List customers by part of a name, start of a SIREN or number."""
    view = search_view(q, store.search(q, PER_PAGE, offset), run.key.as_of)
    return page(request, "search.html", person, view=view)
