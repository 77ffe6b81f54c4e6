"""What changed about customers since the night before, and why."""

from typing import Annotated, Any, Literal

from fastapi import Query, Request
from fastapi.responses import Response

from serving.api.dependencies import LimitsDep, RecorderDep, RunDep, StoreDep
from serving.api.pagination import stretch_document
from serving.api.problems import documented
from serving.api.routes.api_route import api_router
from serving.api.security import CallerDep
from serving.api.views import answer_list
from serving.schemas.portfolio import AlertPageOut
from serving.usecases.lists import listed_alert

router = api_router("alerts")


@router.get("", response_model=AlertPageOut, responses=documented(401, 422, 503))
def alerts(
    request: Request,
    recorder: RecorderDep,
    limits: LimitsDep,
    store: StoreDep,
    caller: CallerDep,
    run: RunDep,
    severity: Annotated[Literal["high", "medium", "low"] | None, Query()] = None,
    cause: Annotated[
        Literal["data", "model", "policy"] | None, Query(description="what it is mainly due to")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> Response:
    """List the customers that changed, the most urgent first."""

    def found() -> dict[str, Any]:
        lines = store.alerts(severity, cause, limit, offset)
        made = limits(run, {row.customer_id for row in lines.items})
        return stretch_document(run, lines, lambda row: listed_alert(row, made))

    return answer_list(request, recorder, limits, caller, run, found)
