"""Look customers up as the last published night has them."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse, Response

from serving.answers import CustomerPageOut
from serving.conditional import NOT_MODIFIED, conditional
from serving.customer_answers import CustomerFileOut
from serving.customer_files import counterfactuals_of, file_document, find_file
from serving.dependencies import AssessorDep, RunDep, ServicesDep, StoreDep
from serving.problems import documented
from serving.schemas import CustomerId, PlainText

router = APIRouter(prefix="/customers", tags=["customers"])


@router.get("", response_model=CustomerPageOut, responses=NOT_MODIFIED | documented(401, 422, 503))
def search(
    request: Request,
    services: ServicesDep,
    store: StoreDep,
    _run: RunDep,
    q: Annotated[PlainText, Query(max_length=200, description="part of a name, start of a SIREN or id")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> Response:
    """List customers that match, in the order of their names; all of them where `q` is empty."""

    def found() -> dict[str, object]:
        page = store.search(q, limit, offset)
        return {**asdict(page), "next_offset": page.next_offset}

    return conditional(request, lambda: (services.current_run().run_id,), found)


# `:path`, for sellers number customers as 411/DUPONT too.
@router.get(
    "/{customer_id:path}",
    response_model=CustomerFileOut,
    responses=NOT_MODIFIED | documented(401, 404, 422, 503),
)
def customer(
    request: Request,
    customer_id: Annotated[CustomerId, Path()],
    services: ServicesDep,
    store: StoreDep,
    assessor: AssessorDep,
    _run: RunDep,
    *,
    counterfactuals: Annotated[
        bool, Query(description="ask the models what would move the answer, too; slower")
    ] = False,
) -> Response:
    """Return all that is known of a customer: exposure, scores and history, invoices, limit, changes."""
    policy, today = assessor.policy, services.today()
    if counterfactuals:
        file = find_file(store, customer_id)
        asked = counterfactuals_of(file, assessor, today)
        return JSONResponse(jsonable_encoder(file_document(file, today, policy, asked)))
    return conditional(
        request,
        lambda: (services.current_run().run_id, store.last_override_id(), today, policy.hash),
        lambda: file_document(find_file(store, customer_id), today, policy),
    )
