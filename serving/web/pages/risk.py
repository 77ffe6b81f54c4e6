"""What the portfolio may lose within a year."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from models.portfolio.cover import CoverChange
from serving.api.dependencies import PortfolioRiskDep, PublishedListsDep
from serving.api.sessions import PageCaller
from serving.api.views import PAGE, viewer_of
from serving.web.rendering import page, speech
from serving.web.view_models.risk import risk_view

router = APIRouter()


@router.get("/risk")
def risk(
    request: Request,
    person: PageCaller,
    lists: PublishedListsDep,
    reports: PortfolioRiskDep,
    more_eur: Annotated[float, Query(ge=0, le=1e9)] = 50_000,
    covered_share: Annotated[float, Query(ge=0, le=1)] = 0.80,
) -> HTMLResponse:
    """Show losses, who bears them, concentrations, and another cover."""
    run, change = lists.portfolio(viewer_of(request, person, PAGE)).run, CoverChange(more_eur, covered_share)
    view = risk_view(reports(run, change).document(), change, speech(request))
    return page(request, "risk.html", person, view=view, change=change)
