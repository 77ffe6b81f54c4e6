"""The portfolio as the last published night has it: class mix, migration, expected loss, exposures, ages."""

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from serving.api.dependencies import PublishedListsDep
from serving.api.problems import documented, no_findings
from serving.api.routes.api_route import api_router
from serving.api.security import CallerDep
from serving.api.views import answer_list
from serving.schemas.portfolio import PortfolioHistoryOut, PortfolioOut
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


@router.get("/history", response_model=PortfolioHistoryOut, responses=documented(401, 503))
def history(request: Request, lists: PublishedListsDep, caller: CallerDep) -> Response:
    """Return twelve months and the quarters of the portfolio.

    A month without a night is reconstructed from invoices and payments: it has no grades, no expected loss
    and no customers over their limit.
    """

    def show(viewer: Viewer) -> dict[str, Any]:
        found = lists.history(viewer)
        if found is None:
            raise no_findings()
        return found.document()

    return answer_list(request, lists, caller, show)
