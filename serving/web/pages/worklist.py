"""Whom to chase first."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from models.portfolio.worklist import PROPOSALS, Proposal
from serving.api.dependencies import LimitsDep, RecorderDep, RunDep, StoreDep
from serving.api.sessions import PageCaller
from serving.api.views import PAGE, enter_list
from serving.web.rendering import page, speech
from serving.web.view_models.lists import PER_PAGE, choices, pager_of
from serving.web.view_models.worklist import chase_view

router = APIRouter()


@router.get("/worklist")
def worklist(
    request: Request,
    person: PageCaller,
    recorder: RecorderDep,
    limits: LimitsDep,
    store: StoreDep,
    run: RunDep,
    tone: Proposal | Literal[""] = "",
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> HTMLResponse:
    """List customers to chase, the most euros at risk first."""
    w, kept = speech(request), {"tone": tone}
    found = store.chased(tone or None, PER_PAGE, offset)
    shown = [one.row.customer_id for one in found.items]
    enter_list(request, recorder, person, PAGE, run, shown)
    made = limits(run, shown)
    return page(
        request,
        "worklist.html",
        person,
        as_of=run.key.as_of,
        lines=[chase_view(one, w, made) for one in found.items],
        pager=pager_of("/worklist", kept, found),
        tones=choices("/worklist", kept, "tone", PROPOSALS, "tone", w),
        tone=tone,
    )
