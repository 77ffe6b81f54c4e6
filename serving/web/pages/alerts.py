"""What changed since the night before."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from models.policy.sections.alerts import SEVERITIES
from models.portfolio.changes import CAUSES
from serving.api.dependencies import LimitsDep, RecorderDep, RunDep, StoreDep
from serving.api.sessions import PageCaller
from serving.api.views import PAGE, enter_list
from serving.usecases.limit_usage import usage_of_alert
from serving.web.rendering import page, speech
from serving.web.view_models.alerts import alert_view
from serving.web.view_models.lists import PER_PAGE, choices, pager_of

router = APIRouter()


@router.get("/alerts")
def alerts(
    request: Request,
    person: PageCaller,
    recorder: RecorderDep,
    limits: LimitsDep,
    store: StoreDep,
    run: RunDep,
    severity: Literal["", "high", "medium", "low"] = "",
    cause: Literal["", "data", "model", "policy"] = "",
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> HTMLResponse:
    """List what changed, the most urgent first."""
    w, kept = speech(request), {"severity": severity, "cause": cause}
    found = store.alerts(severity or None, cause or None, PER_PAGE, offset)
    shown = [row.customer_id for row in found.items]
    enter_list(request, recorder, person, PAGE, run, shown)
    made = limits(run, shown)
    return page(
        request,
        "alerts.html",
        person,
        as_of=run.key.as_of,
        alerts=[(alert_view(row, w), usage_of_alert(row, made)) for row in found.items],
        pager=pager_of("/alerts", kept, found),
        severities=choices("/alerts", kept, "severity", SEVERITIES, "severity", w),
        causes=choices("/alerts", kept, "cause", CAUSES, "cause", w),
    )
