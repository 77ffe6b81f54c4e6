"""One customer."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse

from serving.api.dependencies import CustomerFilesDep, RecorderDep, RunDep
from serving.api.sessions import PageCaller
from serving.api.views import PAGE, enter_file
from serving.audit.entries import ANSWER_ID_HEADER
from serving.audit.recorder import Recorder
from serving.callers import Caller
from serving.schemas.questions import CustomerId
from serving.usecases.customer_file import CustomerFiles
from serving.web.rendering import page, speech
from serving.web.view_models.customer import customer_view
from serving.web.view_models.override_form import OverrideForm
from serving.web.view_models.overrides import overrides_view
from serving.web.view_models.verdict import available_verdict

router = APIRouter()


# `:path`, for sellers number customers as 411/DUPONT too.
@router.get("/customers/{customer_id:path}")
def customer(
    request: Request,
    customer_id: Annotated[CustomerId, Path()],
    person: PageCaller,
    recorder: RecorderDep,
    files: CustomerFilesDep,
    _run: RunDep,
) -> HTMLResponse:
    """Show a customer as the last published night has it, and enter the view in the audit log."""
    return customer_page(request, customer_id, person, recorder, files)


def customer_page(
    request: Request,
    customer_id: str,
    person: Caller,
    recorder: Recorder,
    files: CustomerFiles,
    typed: OverrideForm | None = None,
) -> HTMLResponse:
    """Return the page, with what was typed into the forms of its overrides and what is wrong with it."""
    found, w = files.find(customer_id), speech(request)
    in_force, helps = files.in_force(found), files.changes(found)
    available = files.available(found, in_force)
    shown = {"in_force": in_force, "counterfactuals": helps, "available": available}
    entry = enter_file(request, recorder, person, PAGE, found, shown)
    overriding = overrides_view(found, in_force, person, files.today(), w, files.assessor(), typed)
    return page(
        request,
        "customer.html",
        person,
        status=200 if typed is None else 422,
        headers={ANSWER_ID_HEADER: entry.answer_id},
        resend=None if typed is None else typed.typed,
        view=customer_view(found, in_force, w),
        verdict=None if available is None else available_verdict(available, in_force["grade"], w),
        help=helps,
        overriding=overriding,
    )
