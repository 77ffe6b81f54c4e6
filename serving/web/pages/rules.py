"""The analyst's pages, to read: the models in charge and the policy in force."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from serving.api.dependencies import AssessorDep, OldVersionsDep, StoreDep
from serving.api.sessions import page_right
from serving.callers import Caller
from serving.usecases.champions import models_document
from serving.web.rendering import page, speech
from serving.web.view_models.rules import models_view, policy_view

router = APIRouter()

Analyst = Annotated[Caller, Depends(page_right("inspect"))]


@router.get("/models")
def models(request: Request, person: Analyst, store: StoreDep, versions: OldVersionsDep) -> HTMLResponse:
    """Show the models in charge with their measures, and who let which version answer."""
    view = models_view(models_document(versions.today(), store.promotions()), speech(request))
    return page(request, "models.html", person, view=view)


@router.get("/policy")
def policy(request: Request, person: Analyst, store: StoreDep, assessor: AssessorDep) -> HTMLResponse:
    """Show the policy in force."""
    found = assessor.policy
    view = policy_view(found, store.policy_text(found.hash), speech(request))
    return page(request, "policy.html", person, view=view)
