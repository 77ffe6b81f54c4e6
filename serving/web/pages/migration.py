"""How grades migrate over the published nights, and how the invoices of past quarters were paid."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from models.portfolio.migration_report import HORIZON_MONTHS, LONGEST_MONTHS
from serving.api.dependencies import PublishedListsDep
from serving.api.sessions import PageCaller
from serving.api.views import PAGE, viewer_of
from serving.usecases.grade_migration import grade_migration
from serving.web.rendering import page, speech
from serving.web.view_models.migration import Method, migration_view

router = APIRouter()


@router.get("/migration")
def migration(
    request: Request,
    person: PageCaller,
    lists: PublishedListsDep,
    method: Method = "duration",
    horizon: Annotated[int, Query(ge=1, le=LONGEST_MONTHS)] = HORIZON_MONTHS,
) -> HTMLResponse:
    """Show a migration matrix, the default rates of the grades, and vintage curves."""
    run = lists.portfolio(viewer_of(request, person, PAGE)).run
    found = grade_migration(lists.store(), run, None, horizon)
    view = migration_view(found, method, horizon, speech(request))
    return page(request, "migration.html", person, view=view)
