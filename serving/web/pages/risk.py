"""What the portfolio may lose within a year."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from serving.api.dependencies import PublishedListsDep
from serving.api.sessions import PageCaller
from serving.api.views import PAGE, viewer_of
from serving.web.rendering import page

router = APIRouter()


@router.get("/risk")
def risk(request: Request, person: PageCaller, lists: PublishedListsDep) -> HTMLResponse:
    """Show what the published night expects to lose."""
    found = lists.portfolio(viewer_of(request, person, PAGE))
    return page(request, "risk.html", person, document=found.document, as_of=found.run.key.as_of)
