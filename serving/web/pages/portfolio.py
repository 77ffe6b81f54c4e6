"""The whole portfolio."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from serving.api.dependencies import PublishedListsDep
from serving.api.sessions import PageCaller
from serving.api.views import PAGE, viewer_of
from serving.web.rendering import page, speech
from serving.web.view_models.portfolio import portfolio_view

router = APIRouter()


@router.get("/portfolio")
def portfolio(request: Request, person: PageCaller, lists: PublishedListsDep) -> HTMLResponse:
    """Show the portfolio as the last published night has it."""
    found = lists.portfolio(viewer_of(request, person, PAGE))
    view = None if found.document is None else portfolio_view(found.document, speech(request), found.made)
    return page(request, "portfolio.html", person, view=view, as_of=found.run.key.as_of)
