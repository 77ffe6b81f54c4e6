"""The portfolio over a year, for whoever answers for its figures."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from serving.api.dependencies import PublishedListsDep
from serving.api.sessions import PageCaller
from serving.api.views import PAGE, viewer_of
from serving.web.rendering import page, speech
from serving.web.view_models.finance import finance_view

router = APIRouter()


@router.get("/finance")
def finance(
    request: Request,
    person: PageCaller,
    lists: PublishedListsDep,
    month: Annotated[str, Query(pattern=r"^(\d{4}-\d{2})?$")] = "",
) -> HTMLResponse:
    """Show twelve months, and the figures of one of them: the last one without `month`."""
    found = lists.history(viewer_of(request, person, PAGE))
    view = None if found is None else finance_view(found, speech(request), month)
    return page(request, "finance.html", person, view=view)
