"""How grades migrate over the published nights, and how the invoices of past quarters were paid."""

import datetime as dt
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import Response

from models.portfolio.migration_report import HORIZON_MONTHS, LONGEST_MONTHS
from serving.api.dependencies import PublishedListsDep
from serving.api.problems import documented
from serving.api.routes.api_route import api_router
from serving.api.security import CallerDep
from serving.api.views import answer_list
from serving.schemas.migration import GradeMigrationOut
from serving.usecases.grade_migration import grade_migration
from serving.usecases.lists import Viewer

router = api_router("migration")


@router.get("", response_model=GradeMigrationOut, responses=documented(401, 422, 503))
def migration(
    request: Request,
    lists: PublishedListsDep,
    caller: CallerDep,
    since: Annotated[dt.date | None, Query(alias="from", description="leaves out earlier nights")] = None,
    horizon: Annotated[int, Query(ge=1, le=LONGEST_MONTHS, description="in months")] = HORIZON_MONTHS,
) -> Response:
    """Estimate grade migration by cohorts and by durations, with default rates and vintages."""

    def show(viewer: Viewer) -> dict[str, Any]:
        run = lists.portfolio(viewer).run
        return grade_migration(lists.store(), run, since, horizon).document()

    return answer_list(request, lists, caller, show)
