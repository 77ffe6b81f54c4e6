"""What changed since the night before, who saw it and whose it is."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.policy.sections.alerts import SEVERITIES
from models.portfolio.changes import CAUSES
from serving.api.dependencies import AssignCustomersDep, MarkReviewedDep, PublishedListsDep
from serving.api.sessions import PageCaller, page_right
from serving.api.views import PAGE, viewer_of
from serving.callers import Caller
from serving.usecases.alerts import AlertFilter
from serving.usecases.limit_usage import usage_of_alert
from serving.web.rendering import page, speech
from serving.web.sending import SentFields
from serving.web.view_models.alerts import alert_view
from serving.web.view_models.lists import PER_PAGE, address, choices, pager_of

router = APIRouter()

ALERTS = "/alerts"
SEEN = ("no", "yes")
Reviewer = Annotated[Caller, Depends(page_right("review"))]


@router.get(ALERTS)
def alerts(
    request: Request,
    person: PageCaller,
    lists: PublishedListsDep,
    severity: Literal["", "high", "medium", "low"] = "",
    cause: Literal["", "data", "model", "policy"] = "",
    seen: Literal["", "no", "yes"] = "",
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> HTMLResponse:
    """List what changed, the most urgent first."""
    w, kept = speech(request), {"severity": severity, "cause": cause, "seen": seen}
    wanted = alert_filter(severity, cause, seen)
    found = lists.alerts(viewer_of(request, person, PAGE), wanted, PER_PAGE, offset)
    return page(
        request,
        "alerts.html",
        person,
        as_of=found.run.key.as_of,
        alerts=[
            (alert_view(row, w), usage_of_alert(row, found.made), found.followed_up(row))
            for row in found.page.items
        ],
        pager=pager_of(ALERTS, kept, found.page),
        severities=choices(ALERTS, kept, "severity", SEVERITIES, "severity", w),
        causes=choices(ALERTS, kept, "cause", CAUSES, "cause", w),
        seens=choices(ALERTS, kept, "seen", SEEN, "seen", w),
        target=address(ALERTS, {**kept, "offset": str(offset)}),
        export=address("/exports/alerts.csv", kept),
    )


@router.post(ALERTS)
def follow_up(
    request: Request,
    person: Reviewer,
    mark_reviewed: MarkReviewedDep,
    assign: AssignCustomersDep,
    sent: SentFields,
) -> Response:
    """Mark the customer of an alert as seen, or take it on; then show the list again."""
    customer_id, change = sent.get("customer", ""), sent.get("change", "")
    if change == "seen":
        mark_reviewed([customer_id], sent.get("note"), person)
    elif change in ("take", "leave"):
        assign([customer_id], person.name if change == "take" else None, person)
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"{ALERTS}{query}", 303)


def alert_filter(severity: str, cause: str, seen: str) -> AlertFilter:
    """Return the filter of the fields of an address."""
    return AlertFilter(severity or None, cause or None, None if not seen else seen == "yes")
