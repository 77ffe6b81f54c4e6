"""One customer."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse

from serving.customer_files import find_file
from serving.dependencies import RunDep, ServicesDep, StoreDep
from serving.entries import ANSWER_ID_HEADER
from serving.schemas import CustomerId
from serving.sessions import PageCaller
from serving.viewing import PAGE, enter_file
from serving.web.asking import in_force_today, what_would_help
from serving.web.rendering import page, speech
from serving.web.view_models.customer import customer_view

router = APIRouter()


# `:path`, for sellers number customers as 411/DUPONT too.
@router.get("/customers/{customer_id:path}")
def customer(
    request: Request,
    customer_id: Annotated[CustomerId, Path()],
    person: PageCaller,
    services: ServicesDep,
    store: StoreDep,
    _run: RunDep,
) -> HTMLResponse:
    """Show a customer as the last published night has it; the view stands in the audit log."""
    found = find_file(store, customer_id)
    in_force, helps = in_force_today(found, services), what_would_help(found, services)
    beside = {"in_force": in_force, "counterfactuals": helps}
    entry = enter_file(request, services, person, PAGE, found, beside)
    view, told = customer_view(found, in_force, speech(request)), {ANSWER_ID_HEADER: entry.answer_id}
    return page(request, "customer.html", person, headers=told, view=view, help=helps)
