"""Whom to chase, ranked by the euros that a call can still save."""

from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import Response

from models.portfolio.worklist import Proposal
from serving.api.dependencies import PublishedListsDep
from serving.api.pagination import stretch_document
from serving.api.problems import documented
from serving.api.routes.api_route import api_router
from serving.api.security import CallerDep
from serving.api.views import answer_list
from serving.schemas.portfolio import WorklistPageOut
from serving.usecases.lists import Viewer, listed_chase

router = api_router("worklist")


@router.get("", response_model=WorklistPageOut, responses=documented(401, 422, 503))
def worklist(
    request: Request,
    lists: PublishedListsDep,
    caller: CallerDep,
    tone: Annotated[Proposal | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> Response:
    """List the customers to chase, each with what is proposed, why, and its invoices."""

    def show(viewer: Viewer) -> dict[str, Any]:
        found = lists.worklist(viewer, tone, limit, offset)
        return stretch_document(found.run, found.page, lambda one: listed_chase(one, found.made))

    return answer_list(request, lists, caller, show)
