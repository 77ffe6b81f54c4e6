"""Ask for the decision on an order, live while it is typed, or by sending the form."""

from typing import Annotated

from fastapi import APIRouter, Header, Path, Request
from fastapi.responses import HTMLResponse

from serving.api.dependencies import DecideDep, RunDep, StoreDep
from serving.api.sessions import PageCaller
from serving.schemas.questions import CustomerId
from serving.usecases.customer_file import find_file
from serving.web.rendering import page, speech
from serving.web.view_models.simulator import decision_view, question_of

router = APIRouter()


@router.get("/simulator/{customer_id:path}")
def simulator(
    request: Request,
    customer_id: Annotated[CustomerId, Path()],
    person: PageCaller,
    decide: DecideDep,
    store: StoreDep,
    _run: RunDep,
    x_part: Annotated[str | None, Header(max_length=20)] = None,
) -> HTMLResponse:
    """Show the form and, once an amount is given, the decision; a script asks for the decision alone."""
    w, row = speech(request), find_file(store, customer_id).stored.row
    question, form = question_of(customer_id, request.query_params, w)
    shown = None
    if question is not None:
        shown = decision_view(decide(question, person).answer.document(), row.overdue_eur, w)
    return page(
        request,
        "decision.html" if x_part == "decision" else "simulator.html",
        person,
        customer_id=customer_id,
        name=row.name or customer_id,
        form=form,
        decision=shown,
    )
