"""Look customers up as the last published night has them."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Path, Query, Request
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse, Response

from serving.api.customer_filters import CustomerQueryDep
from serving.api.dependencies import (
    AssessorDep,
    CustomerFilesDep,
    LimitsDep,
    PublishedListsDep,
    RecorderDep,
    RunDep,
    TodayDep,
)
from serving.api.middleware.conditional import conditional
from serving.api.pagination import stretch_document
from serving.api.problems import documented
from serving.api.routes.api_route import api_router
from serving.api.security import CallerDep
from serving.api.views import FILE, answer_list, enter_file
from serving.audit.entries import ANSWER_ID_HEADER, new_answer_id
from serving.schemas.answers import CustomerPageOut
from serving.schemas.customers import CustomerFileOut
from serving.schemas.questions import CustomerId
from serving.usecases.customer_file import counterfactuals_of, file_document
from serving.usecases.lists import Viewer, listed_customer

router = api_router("customers")


@router.get("", response_model=CustomerPageOut, responses=documented(401, 422, 503))
def search(
    request: Request,
    lists: PublishedListsDep,
    caller: CallerDep,
    query: CustomerQueryDep,
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> Response:
    """List customers, filtered and sorted, with the sums over all that match."""

    def show(viewer: Viewer) -> dict[str, Any]:
        found = lists.customers(viewer, query, limit, offset)
        return stretch_document(
            found.run, found.page, lambda line: listed_customer(line, found.made, found.oversight)
        ) | {"totals": asdict(found.totals)}

    return answer_list(request, lists, caller, show)


# `:path`, for sellers number customers as 411/DUPONT too.
@router.get(
    "/{customer_id:path}",
    response_model=CustomerFileOut,
    responses=documented(401, 404, 422, 503),
)
def customer(
    request: Request,
    customer_id: Annotated[CustomerId, Path()],
    recorder: RecorderDep,
    limits: LimitsDep,
    today: TodayDep,
    files: CustomerFilesDep,
    assessor: AssessorDep,
    caller: CallerDep,
    _run: RunDep,
    *,
    counterfactuals: Annotated[
        bool, Query(description="ask the models what would move the answer, too; slower")
    ] = False,
) -> Response:
    """Return all that is known of a customer: exposure, scores and history, invoices, limit, changes."""
    policy, answer_id = assessor.policy, new_answer_id()
    told = {ANSWER_ID_HEADER: answer_id}

    def shown() -> dict[str, Any]:
        file = files.find(customer_id)
        asked = counterfactuals_of(file, assessor, today) if counterfactuals else None
        document = file_document(file, today, policy, asked)
        beside = {name: document[name] for name in ("in_force", "counterfactuals", "available")}
        enter_file(request, recorder, caller, FILE, file, beside, answer_id)
        return document

    if counterfactuals:
        return JSONResponse(jsonable_encoder(shown()), headers=told)
    return conditional(
        request,
        limits.version,
        shown,
        told,
    )
