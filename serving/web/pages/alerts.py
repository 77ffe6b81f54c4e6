"""What changed since the night before."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from models.policy.sections.alerts import SEVERITIES
from models.portfolio.changes import CAUSES
from serving.api.dependencies import PublishedListsDep
from serving.api.sessions import PageCaller
from serving.api.views import PAGE, viewer_of
from serving.usecases.limit_usage import usage_of_alert
from serving.web.rendering import page, speech
from serving.web.view_models.alerts import alert_view
from serving.web.view_models.lists import PER_PAGE, choices, pager_of

router = APIRouter()


@router.get("/alerts")
def alerts(
    request: Request,
    person: PageCaller,
    lists: PublishedListsDep,
    severity: Literal["", "high", "medium", "low"] = "",
    cause: Literal["", "data", "model", "policy"] = "",
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> HTMLResponse:
    """List what changed, the most urgent first."""
    w, kept = speech(request), {"severity": severity, "cause": cause}
    viewer = viewer_of(request, person, PAGE)
    found = lists.alerts(viewer, severity or None, cause or None, PER_PAGE, offset)
    return page(
        request,
        "alerts.html",
        person,
        as_of=found.run.key.as_of,
        alerts=[(alert_view(row, w), usage_of_alert(row, found.made)) for row in found.page.items],
        pager=pager_of("/alerts", kept, found.page),
        severities=choices("/alerts", kept, "severity", SEVERITIES, "severity", w),
        causes=choices("/alerts", kept, "cause", CAUSES, "cause", w),
    )
