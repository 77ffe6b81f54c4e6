"""Whom to chase first."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from models.portfolio.worklist import PROPOSALS, Proposal
from serving.api.dependencies import PublishedListsDep
from serving.api.sessions import PageCaller
from serving.api.views import PAGE, viewer_of
from serving.usecases.worklist import WorklistFilter
from serving.web.rendering import page, speech
from serving.web.view_models.lists import PER_PAGE, choices, pager_of
from serving.web.view_models.worklist import chase_view

router = APIRouter()


@router.get("/worklist")
def worklist(
    request: Request,
    person: PageCaller,
    lists: PublishedListsDep,
    tone: Proposal | Literal[""] = "",
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> HTMLResponse:
    """List customers to chase, the most euros to save first."""
    w, kept = speech(request), {"tone": tone}
    found = lists.worklist(viewer_of(request, person, PAGE), WorklistFilter(tone or None), PER_PAGE, offset)
    return page(
        request,
        "worklist.html",
        person,
        as_of=found.run.key.as_of,
        lines=[chase_view(one, w, found.made) for one in found.page.items],
        pager=pager_of("/worklist", kept, found.page),
        tones=choices("/worklist", kept, "tone", PROPOSALS, "tone", w),
        tone=tone,
        dunning=None if (policy := lists.policy()) is None else policy.dunning,
    )
