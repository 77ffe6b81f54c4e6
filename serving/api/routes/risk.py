"""What the portfolio of the published night may lose within a year."""

from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import Response

from models.portfolio.cover import CoverChange
from serving.api.dependencies import PortfolioRiskDep, PublishedListsDep
from serving.api.problems import documented
from serving.api.routes.api_route import api_router
from serving.api.security import CallerDep
from serving.api.views import answer_list
from serving.schemas.risk import RiskOut
from serving.usecases.lists import Viewer

router = api_router("risk")


@router.get("", response_model=RiskOut, responses=documented(401, 503))
def risk(
    request: Request,
    lists: PublishedListsDep,
    reports: PortfolioRiskDep,
    caller: CallerDep,
    more_eur: Annotated[
        float, Query(ge=0, le=1e9, description="more cover on the ten largest, EUR")
    ] = 50_000,
    covered_share: Annotated[float, Query(ge=0, le=1, description="share of every insured loss paid")] = 0.80,
) -> Response:
    """Return the distribution of losses, its parts by customer, concentrations and the cover."""

    def show(viewer: Viewer) -> dict[str, Any]:
        run = lists.portfolio(viewer).run
        return reports(run, CoverChange(more_eur, covered_share)).document()

    return answer_list(request, lists, caller, show)
