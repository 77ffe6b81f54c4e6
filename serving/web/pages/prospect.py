"""Assess a prospect: by a SIREN alone, or by a form that the registers fill in."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from serving.api.dependencies import AssessDep, RunDep, StoreDep
from serving.api.sessions import PageCaller
from serving.web.rendering import page, speech
from serving.web.sending import SentFields
from serving.web.view_models.prospect import FIELDS, LOOKED_UP, STEP
from serving.web.view_models.prospect_accounts import SHOWN
from serving.web.view_models.prospect_page import first_page, page_of

router = APIRouter()


@router.get("/prospect")
def form(
    request: Request,
    person: PageCaller,
    _run: RunDep,
    by: Annotated[str, Query(max_length=10)] = "number",
) -> HTMLResponse:
    """Show the one field that is enough, or the whole form for who has no number."""
    return page(request, "prospect.html", person, view=first_page(alone=by != "hand"), known=None)


@router.post("/prospect")
def prospect(
    request: Request,
    person: PageCaller,
    assess: AssessDep,
    store: StoreDep,
    _run: RunDep,
    sent: SentFields,
) -> HTMLResponse:
    """Assess what was typed and looked up, or report each fault next to its field."""
    view = page_of(sent, speech(request), assess.prospect, person)
    resend = {name: sent.get(name, "") for name in (*FIELDS, STEP, LOOKED_UP, SHOWN, "csrf_token")}
    found = store.search(view.siren, 1).items if view.siren else ()
    known = next((one for one in found if one.siren == view.siren), None)
    return page(request, "prospect.html", person, status=view.status, resend=resend, view=view, known=known)
