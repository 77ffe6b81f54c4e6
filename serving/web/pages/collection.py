"""One customer of the worklist: what is due, the letter to copy, what was done, and the form of an action."""

import datetime as dt
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.portfolio.collection_actions import ACTION_KINDS
from serving.api.dependencies import CollectionActionsDep, PublishedListsDep, RatesPathDep
from serving.api.sessions import PageCaller, page_right
from serving.api.views import PAGE, viewer_of
from serving.callers import Caller
from serving.schemas.questions import CustomerId
from serving.usecases.lists import PublishedLists
from serving.usecases.worklist import letter_to_copy
from serving.web.rendering import page, speech
from serving.web.sending import SentFields
from serving.web.view_models.collection import (
    ActionForm,
    action_views,
    blank_action,
    send_action,
    state_words,
)
from serving.web.view_models.worklist import chase_view

router = APIRouter()

Collector = Annotated[Caller, Depends(page_right("collect"))]
LetterLanguage = Literal["fr", "en", ""]


@router.get("/worklist/{customer_id:path}")
def collection(
    request: Request,
    customer_id: Annotated[CustomerId, Path()],
    person: PageCaller,
    lists: PublishedListsDep,
    rates_path: RatesPathDep,
    letter: Annotated[LetterLanguage, Query()] = "",
) -> HTMLResponse:
    """Show a customer's line with its letter, what was done, and the form of an action."""
    return _page(request, customer_id, person, lists, rates_path, letter)


@router.post("/worklist/{customer_id:path}")
def record(
    request: Request,
    customer_id: Annotated[CustomerId, Path()],
    person: Collector,
    lists: PublishedListsDep,
    actions: CollectionActionsDep,
    rates_path: RatesPathDep,
    sent: SentFields,
) -> Response:
    """Record an action and show the line, or report each fault next to its field."""
    form = send_action(customer_id, sent, speech(request), person, actions)
    if not form.faults:
        return RedirectResponse(f"{request.url.path}#done", 303)
    return _page(request, customer_id, person, lists, rates_path, "", form)


def _page(
    request: Request,
    customer_id: str,
    person: Caller,
    lists: PublishedLists,
    rates_path: RatesPathDep,
    language: LetterLanguage,
    form: ActionForm | None = None,
) -> HTMLResponse:
    w = speech(request)
    shown = lists.chase(viewer_of(request, person, PAGE), customer_id)
    chosen = language or w.language
    letter = None
    if shown.entry is not None:
        letter = letter_to_copy(shown.entry.row, shown.day, rates_path, chosen)
    policy = lists.policy()
    later = shown.day + dt.timedelta(days=policy.dunning.repeat_days if policy else 0)
    return page(
        request,
        "collection.html",
        person,
        status=422 if form else 200,
        resend=form.typed if form else None,
        customer_id=customer_id,
        name=shown.name,
        as_of=shown.run.key.as_of,
        one=None if shown.entry is None else chase_view(shown.entry, w, shown.made, shown.follow_up),
        state=state_words(shown.follow_up, w),
        letter=letter,
        letter_language=chosen,
        form=form or blank_action(shown.entry, later),
        kinds=[(kind, w(f"collection_action.{kind}")) for kind in ACTION_KINDS],
        may_collect=person.may("collect"),
        actions=action_views(shown.actions, w),
    )
