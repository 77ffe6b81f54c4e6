"""The receipts of the coming weeks."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from models.portfolio.payment_weeks import WEEKS
from serving.api.dependencies import PublishedListsDep
from serving.api.sessions import PageCaller
from serving.api.views import EXPORT, PAGE, viewer_of
from serving.usecases.cash import cash_forecast
from serving.web.exports import rows
from serving.web.pages.exports import table_response
from serving.web.rendering import page, speech
from serving.web.view_models.cash import cash_view

router = APIRouter()


@router.get("/cash")
def cash(
    request: Request,
    person: PageCaller,
    lists: PublishedListsDep,
    by: Literal["grade", "sector", "group"] = "grade",
    name: Annotated[str, Query(max_length=100)] = "",
    week: Annotated[int, Query(ge=0, le=WEEKS)] = 0,
) -> HTMLResponse:
    """Show thirteen weeks of all customers or of a group, and the largest invoices of a week."""
    found = cash_forecast(lists.store(), lists.portfolio(viewer_of(request, person, PAGE)).run)
    view = None if found is None else cash_view(found, speech(request), by, name, week)
    return page(request, "cash.html", person, view=view)


@router.get("/exports/cash.csv")
def cash_csv(request: Request, person: PageCaller, lists: PublishedListsDep) -> Response:
    """Return the weeks in all and of every group."""
    run = lists.portfolio(viewer_of(request, person, EXPORT)).run
    found = cash_forecast(lists.store(), run)
    lines = () if found is None else rows.receipts(found.document(), speech(request))
    return table_response(request, f"cash-{run.key.as_of}", rows.RECEIPTS, lines)
