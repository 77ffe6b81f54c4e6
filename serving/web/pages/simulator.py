"""Ask for the decision on an order, live while it is typed, or by sending the form."""

from typing import Annotated

from fastapi import APIRouter, Header, Path, Request
from fastapi.responses import HTMLResponse

from serving.dependencies import RunDep, ServicesDep, StoreDep
from serving.schemas import CustomerId
from serving.sessions import PageCaller
from serving.web.asking import customer_file, decided
from serving.web.rendering import page, speech
from serving.web.view_models.simulator import decision_view, order_of

router = APIRouter()


@router.get("/simulator/{customer_id:path}")
def simulator(
    request: Request,
    customer_id: Annotated[CustomerId, Path()],
    person: PageCaller,
    services: ServicesDep,
    store: StoreDep,
    _run: RunDep,
    x_part: Annotated[str | None, Header(max_length=20)] = None,
) -> HTMLResponse:
    """Show the form and, once an amount is given, the decision; a script asks for the decision alone."""
    w, found = speech(request), customer_file(store, customer_id)
    order, form = order_of(request.query_params, w)
    shown = None
    if order is not None:
        answered = decided(found, order, services, person)
        late = answered.assessment.p_late30.value
        overdue = found.stored.row.overdue_eur
        shown = decision_view(answered.decision.document(), late, overdue, w, answered.in_force)
    template = "decision.html" if x_part == "decision" else "simulator.html"
    name = found.stored.row.name or customer_id
    return page(request, template, person, customer_id=customer_id, name=name, form=form, decision=shown)
