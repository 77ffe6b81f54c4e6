"""Assess a prospect: by its SIREN, an amount and terms, or by a form that the registers fill in."""

from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from serving.api.dependencies import AssessDep, DecideDep, RunDep, StoreDep
from serving.api.sessions import PageCaller
from serving.registers.identifiers import company_in
from serving.store import Store
from serving.web.rendering import page, speech
from serving.web.view_models.prospect_page import first_page, page_of

router = APIRouter()
_KEPT = ("amount", "terms", "lang")
"""What the page of a customer is asked with in place of this one."""


@router.get("/prospect")
def prospect(
    request: Request,
    person: PageCaller,
    assess: AssessDep,
    decide: DecideDep,
    store: StoreDep,
    run: RunDep,
    by: Annotated[str, Query(max_length=10)] = "number",
) -> Response:
    """Answer about who is asked about, or show the form; a customer's number leads to the customer's page."""
    asked = dict(request.query_params)
    if not asked.keys() & {"siren", "name"}:
        return page(request, "prospect.html", person, view=first_page(alone=by != "hand"))
    customer_id = _customer_of(asked.get("siren", ""), store)
    if customer_id is not None:
        kept = urlencode({name: asked[name] for name in _KEPT if asked.get(name)})
        return RedirectResponse(f"/customers/{quote(customer_id)}?{kept}", 303)
    view = page_of(asked, speech(request), assess.prospect, decide, person, run.context)
    return page(request, "prospect.html", person, status=view.status, view=view)


def _customer_of(number: str, store: Store) -> str | None:
    """Return the customer of a SIREN or SIRET, None where there is none."""
    siren = company_in(number)
    found = store.search(siren, 1).items if siren else ()
    return next((one.customer_id for one in found if one.siren == siren), None)
