"""The analyst's page of the policy in force, to read."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from serving.api.dependencies import AssessorDep, StoreDep
from serving.api.sessions import page_right
from serving.callers import Caller
from serving.web.rendering import page, speech
from serving.web.view_models.rules import policy_view

router = APIRouter()

Analyst = Annotated[Caller, Depends(page_right("inspect"))]


@router.get("/policy")
def policy(request: Request, person: Analyst, store: StoreDep, assessor: AssessorDep) -> HTMLResponse:
    """Show the policy in force."""
    found = assessor.policy
    view = policy_view(found, store.policy_text(found.hash), speech(request))
    return page(request, "policy.html", person, view=view)
