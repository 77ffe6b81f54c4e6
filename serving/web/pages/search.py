"""The list of customers: find, filter and sort them."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from serving.api.customer_filters import CustomerQueryDep
from serving.api.dependencies import PublishedListsDep, SavedViewsDep
from serving.api.sessions import PageCaller
from serving.api.views import PAGE, viewer_of
from serving.web.rendering import page, speech
from serving.web.view_models.lists import PER_PAGE
from serving.web.view_models.search import Act, list_options, search_view

router = APIRouter()


@router.get("/")
def search(
    request: Request,
    person: PageCaller,
    lists: PublishedListsDep,
    query: CustomerQueryDep,
    saved: SavedViewsDep,
    limit: Annotated[int, Query(ge=1, le=200)] = PER_PAGE,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    done: Act | Literal[""] = "",
    count: Annotated[int, Query(ge=0, le=200)] = 0,
) -> HTMLResponse:
    """List customers, filtered and sorted as the address says."""
    found = lists.customers(viewer_of(request, person, PAGE), query, limit, offset)
    return page(
        request,
        "search.html",
        person,
        done=done,
        count=count,
        view=search_view(query, found),
        views=saved.seen_by(person),
        options=list_options(lists.choices(), speech(request)),
    )
