"""Look customers up as the last published night has them."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse

from serving.answers import CustomerOut, CustomerPageOut
from serving.assessing import find_customer
from serving.dependencies import RunDep, StoreDep
from serving.problems import documented
from serving.schemas import CustomerId, PlainText
from serving.store import Page

router = APIRouter(prefix="/customers", tags=["customers"])


@router.get("", response_model=CustomerPageOut, responses=documented(401, 422, 503))
def search(
    store: StoreDep,
    _run: RunDep,
    q: Annotated[PlainText, Query(max_length=200, description="part of a name, start of a SIREN or id")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> Page:
    """List customers that match, in the order of their names; all of them where `q` is empty."""
    return store.search(q, limit, offset)


# `:path`, for sellers number customers as 411/DUPONT too.
@router.get("/{customer_id:path}", response_model=CustomerOut, responses=documented(401, 404, 422, 503))
def customer(customer_id: Annotated[CustomerId, Path()], store: StoreDep, _run: RunDep) -> JSONResponse:
    """Return a customer's stored assessment and its open invoices with their probabilities."""
    stored = find_customer(store, customer_id)
    body = {
        "as_of": stored.as_of,
        "run_id": stored.run_id,
        "summary": asdict(stored.row.summary()),
        "assessment": stored.row.assessment,
        "invoices": [asdict(invoice) for invoice in store.invoices_of(customer_id)],
    }
    return JSONResponse(jsonable_encoder(body))
