"""What changed about customers since the night before, and why."""

from typing import Annotated, Any, Literal

from fastapi import Query, Request
from fastapi.responses import Response

from serving.api.dependencies import PublishedListsDep
from serving.api.pagination import stretch_document
from serving.api.problems import documented
from serving.api.routes.api_route import api_router
from serving.api.security import CallerDep
from serving.api.views import answer_list
from serving.schemas.portfolio import AlertPageOut
from serving.usecases.alerts import AlertFilter, listed_alert
from serving.usecases.lists import Viewer

router = api_router("alerts")


@router.get("", response_model=AlertPageOut, responses=documented(401, 422, 503))
def alerts(
    request: Request,
    lists: PublishedListsDep,
    caller: CallerDep,
    severity: Annotated[Literal["high", "medium", "low"] | None, Query()] = None,
    cause: Annotated[
        Literal["data", "model", "policy"] | None, Query(description="what it is mainly due to")
    ] = None,
    seen: Annotated[
        bool | None, Query(description="whether the customer was reviewed since the night was published")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> Response:
    """List the customers that changed, the most urgent first."""

    def show(viewer: Viewer) -> dict[str, Any]:
        found = lists.alerts(viewer, AlertFilter(severity, cause, seen), limit, offset)
        return stretch_document(found.run, found.page, lambda row: listed_alert(row, found))

    return answer_list(request, lists, caller, show)
