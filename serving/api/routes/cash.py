"""The receipts of the coming weeks, as the last published night expects them."""

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from serving.api.dependencies import PublishedListsDep
from serving.api.problems import documented, no_findings
from serving.api.routes.api_route import api_router
from serving.api.security import CallerDep
from serving.api.views import answer_list
from serving.schemas.cash import CashForecastOut
from serving.usecases.cash import cash_forecast
from serving.usecases.lists import Viewer

router = api_router("cash")


@router.get("", response_model=CashForecastOut, responses=documented(401, 503))
def cash(request: Request, lists: PublishedListsDep, caller: CallerDep) -> Response:
    """Forecast the receipts of thirteen weeks, in all and by customer group, with P10, P50 and P90."""

    def show(viewer: Viewer) -> dict[str, Any]:
        found = cash_forecast(lists.store(), lists.portfolio(viewer).run)
        if found is None:
            raise no_findings()
        return found.document()

    return answer_list(request, lists, caller, show)
