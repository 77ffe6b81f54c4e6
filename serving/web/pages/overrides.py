"""A limit or a grade set in the model's place, or taken back: what the forms of the customer's page send."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import RedirectResponse, Response

from serving.api.dependencies import (
    AssessorDep,
    CustomerFilesDep,
    RecorderDep,
    RunDep,
    SetOverrideDep,
    StoreDep,
    WithdrawOverrideDep,
)
from serving.api.sessions import page_right
from serving.callers import Caller
from serving.schemas.questions import CustomerId
from serving.usecases.subjects import find_customer
from serving.web.pages.customer import customer_page
from serving.web.rendering import speech
from serving.web.sending import SentFields
from serving.web.view_models.override_form import bounds_of, send

router = APIRouter()

Overrider = Annotated[Caller, Depends(page_right("override"))]


# `:path`, for sellers number customers as 411/DUPONT too.
@router.post("/customers/{customer_id:path}")
def override(
    request: Request,
    customer_id: Annotated[CustomerId, Path()],
    person: Overrider,
    store: StoreDep,
    assessor: AssessorDep,
    recorder: RecorderDep,
    files: CustomerFilesDep,
    set_override: SetOverrideDep,
    withdraw_override: WithdrawOverrideDep,
    _run: RunDep,
    sent: SentFields,
) -> Response:
    """Execute a form and show the customer, or report each fault next to its field."""
    own = find_customer(store, customer_id).row.assessment
    bounds = bounds_of(own, person.role, files.today(), assessor.policy)
    form = send(customer_id, sent, bounds, speech(request), person, set_override, withdraw_override)
    if form.is_sound:
        return RedirectResponse(f"{request.url.path}#override", 303)
    return customer_page(request, customer_id, person, recorder, files, form)
