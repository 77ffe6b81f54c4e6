"""One customer."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse

from serving.customer_files import find_file
from serving.dependencies import RunDep, ServicesDep, StoreDep
from serving.schemas import CustomerId
from serving.sessions import PageCaller
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
    """Show a customer as the last published night has it."""
    found = find_file(store, customer_id)
    view = customer_view(found, in_force_today(found, services), speech(request))
    return page(request, "customer.html", person, view=view, help=what_would_help(found, services))
