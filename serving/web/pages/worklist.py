"""Whom to chase first."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from models.portfolio.worklist import CollectionStage, Proposal
from serving.api.dependencies import PublishedListsDep
from serving.api.sessions import PageCaller
from serving.api.views import PAGE, viewer_of
from serving.usecases.worklist import WorklistFilter
from serving.web.rendering import page, speech
from serving.web.view_models.lists import PER_PAGE, address, choices, pager_of
from serving.web.view_models.worklist import chase_view, stage_choices

router = APIRouter()


@router.get("/worklist")
def worklist(
    request: Request,
    person: PageCaller,
    lists: PublishedListsDep,
    tone: Proposal | Literal[""] = "",
    stage: CollectionStage | Literal[""] = "",
    mine: Literal["1", ""] = "",
    parked: Literal["1", ""] = "",
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> HTMLResponse:
    """List customers to chase: broken promises, then the most euros to save."""
    w, kept = speech(request), {"tone": tone, "stage": stage, "mine": mine, "parked": parked}
    assignee = person.name if mine else None
    wanted = WorklistFilter(tone or None, stage or None, assignee, is_parked=bool(parked))
    found = lists.worklist(viewer_of(request, person, PAGE), wanted, PER_PAGE, offset)
    return page(
        request,
        "worklist.html",
        person,
        as_of=found.run.key.as_of,
        lines=[
            chase_view(one, w, found.made, found.follow_ups.get(one.row.customer_id))
            for one in found.page.items
        ],
        pager=pager_of("/worklist", kept, found.page),
        stages=stage_choices({**kept, "tone": ""}, found.tones, w),
        whose=choices("/worklist", kept, "mine", ("1",), "worklist_mine", w),
        waiting=choices("/worklist", kept, "parked", ("1",), "worklist_parked", w),
        export=address("/exports/worklist.csv", kept),
        dunning=None if (policy := lists.policy()) is None else policy.dunning,
    )
