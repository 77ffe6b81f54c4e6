"""The portfolio as the last published night has it: class mix, migration, expected loss, exposures, ages."""

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from serving.api.dependencies import PublishedListsDep
from serving.api.problems import documented, no_findings
from serving.api.routes.api_route import api_router
from serving.api.security import CallerDep
from serving.api.views import answer_list
from serving.schemas.portfolio import PortfolioOut
from serving.usecases.lists import Viewer, listed_exposure

router = api_router("portfolio")


@router.get("", response_model=PortfolioOut, responses=documented(401, 503))
def portfolio(request: Request, lists: PublishedListsDep, caller: CallerDep) -> Response:
    """Return the portfolio's figures."""

    def show(viewer: Viewer) -> dict[str, Any]:
        found = lists.portfolio(viewer)
        if found.document is None:
            raise no_findings()
        top = [listed_exposure(line, found.made) for line in found.document["top_exposures"]]
        return {**found.document, "top_exposures": top, "run_id": found.run.run_id}

    return answer_list(request, lists, caller, show)
