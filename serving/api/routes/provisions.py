"""Provisions on receivables as kept at closings."""

import datetime as dt
from typing import Annotated, Any

from fastapi import Path, Query

from serving.api.dependencies import ProvisionsDep, RecorderDep
from serving.api.problems import documented
from serving.api.routes.api_route import api_router
from serving.api.security import CallerDep
from serving.api.views import LIST
from serving.audit.entries import entry_of
from serving.schemas.provisions import ClosingOut, ClosingsOut
from serving.schemas.questions import CustomerId
from serving.usecases.provisions import record_document

router = api_router("provisions")


@router.get("", response_model=ClosingsOut, responses=documented(401, 503))
def closings(kept: ProvisionsDep) -> dict[str, Any]:
    """List the kept closings, the latest day first."""
    return {"items": [record_document(one) for one in kept.kept()]}


@router.get("/{as_of}", response_model=ClosingOut, responses=documented(401, 404, 422, 503))
def closing(
    as_of: Annotated[dt.date, Path(description="day of the closing")],
    kept: ProvisionsDep,
    recorder: RecorderDep,
    caller: CallerDep,
    customer_id: Annotated[CustomerId | None, Query(description="whose invoices to list")] = None,
) -> dict[str, Any]:
    """Return a closing with its movement since the one before, and the invoices of one customer."""
    found = kept.find(as_of)
    question = {"provisions": as_of.isoformat(), "customer_id": customer_id}
    recorder.record(entry_of(caller, LIST, question, {}, customer_id))
    own = [one for one in found.closing.lines if one.customer_id == customer_id]
    return {**found.document(), "lines": [one.document() for one in own]}
