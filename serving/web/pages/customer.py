"""One customer."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse

from serving.api.dependencies import CustomerFilesDep, DecideDep, RecorderDep, RunDep
from serving.api.sessions import PageCaller
from serving.api.views import PAGE, enter_file
from serving.audit.entries import ANSWER_ID_HEADER
from serving.audit.recorder import Recorder
from serving.callers import Caller
from serving.schemas.questions import CustomerId
from serving.usecases.customer_file import CustomerFiles
from serving.web.rendering import page, speech
from serving.web.view_models.collection import action_views
from serving.web.view_models.customer import customer_view
from serving.web.view_models.override_form import OverrideForm
from serving.web.view_models.overrides import overrides_view
from serving.web.view_models.simulator import question_of
from serving.web.view_models.verdict import VerdictView, available_verdict, order_verdict

router = APIRouter()


# `:path`, for sellers number customers as 411/DUPONT too.
@router.get("/customers/{customer_id:path}")
def customer(
    request: Request,
    customer_id: Annotated[CustomerId, Path()],
    person: PageCaller,
    recorder: RecorderDep,
    files: CustomerFilesDep,
    decide: DecideDep,
    _run: RunDep,
) -> HTMLResponse:
    """Show a customer as the last published night has it, with the verdict on an order asked about."""
    w = speech(request)
    question, _ = question_of(customer_id, request.query_params, w)
    verdict = None if question is None else order_verdict(decide(question, person).answer.document(), w)
    return customer_page(request, customer_id, person, recorder, files, verdict=verdict)


def customer_page(
    request: Request,
    customer_id: str,
    person: Caller,
    recorder: Recorder,
    files: CustomerFiles,
    typed: OverrideForm | None = None,
    verdict: VerdictView | None = None,
) -> HTMLResponse:
    """Enter the view in the audit log, and return the page.

    Parameters
    ----------
    typed
        What was typed into the forms of its overrides, and what is wrong with it.
    verdict
        On the order asked about; without one the page has the credit that is available.
    """
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
        verdict=verdict or (available and available_verdict(available, in_force["grade"], w)),
        asked=request.url.query,
        help=helps,
        overriding=overriding,
        actions=action_views(files.actions(customer_id), w),
    )
