"""Whom to chase, ranked by the euros that a call can still save, and what was done about them."""

from typing import Annotated, Any

from fastapi import Depends, Query, Request
from fastapi.responses import Response

from models.portfolio.worklist import CollectionStage, Proposal
from models.wording.formats import Language
from serving.api.dependencies import CollectionActionsDep, PublishedListsDep, RatesPathDep
from serving.api.pagination import stretch_document
from serving.api.problems import documented
from serving.api.routes.api_route import api_router
from serving.api.security import CallerDep, require_right
from serving.api.views import LIST, answer_list, viewer_of
from serving.schemas.collection import ActionIn, ActionOut, ActionPageOut, LetterOut
from serving.schemas.portfolio import WorklistPageOut
from serving.schemas.questions import CustomerId, PlainText
from serving.usecases.lists import Viewer, listed_chase
from serving.usecases.worklist import WorklistFilter, actions_document, letter_to_copy

router = api_router("worklist")


@router.get("", response_model=WorklistPageOut, responses=documented(401, 422, 503))
def worklist(
    request: Request,
    lists: PublishedListsDep,
    caller: CallerDep,
    tone: Annotated[Proposal | None, Query()] = None,
    stage: Annotated[CollectionStage | None, Query(description="the stage of collection")] = None,
    assignee: Annotated[
        PlainText | None, Query(max_length=100, description="customers of this user only")
    ] = None,
    parked: Annotated[bool, Query(description="lines that wait for their day alone")] = False,  # noqa: FBT002  # a query's flag
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> Response:
    """List the customers to chase, each with what is proposed, why, and its invoices."""

    def show(viewer: Viewer) -> dict[str, Any]:
        found = lists.worklist(viewer, WorklistFilter(tone, stage, assignee, parked), limit, offset)
        return stretch_document(
            found.run,
            found.page,
            lambda one: listed_chase(one, found.made, found.follow_ups.get(one.row.customer_id)),
        )

    return answer_list(request, lists, caller, show)


@router.get("/letter", response_model=LetterOut, responses=documented(401, 404, 422, 503))
def letter(
    request: Request,
    lists: PublishedListsDep,
    rates_path: RatesPathDep,
    caller: CallerDep,
    customer_id: Annotated[CustomerId, Query(description="a customer on the worklist")],
    language: Annotated[Language, Query(description="fr or en")] = "fr",
) -> dict[str, Any]:
    """Write the letter or e-mail of a line; in a proceeding it goes to the court's agent."""
    shown = lists.chase(viewer_of(request, caller, LIST), customer_id)
    row = None if shown.entry is None else shown.entry.row
    found = None if row is None else letter_to_copy(row, shown.day, rates_path, language)
    return {
        "tone": None if row is None else row.tone,
        "subject": None if found is None else found.subject,
        "body": None if found is None else found.body,
    }


@router.get("/actions", response_model=ActionPageOut, responses=documented(401, 422, 503))
def actions(
    done: CollectionActionsDep,
    customer_id: Annotated[CustomerId | None, Query(description="of this customer only")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> dict[str, Any]:
    """List what was done, the newest first."""
    return actions_document(done.history(customer_id, limit, offset))


@router.post(
    "/actions",
    status_code=201,
    response_model=ActionOut,
    dependencies=[Depends(require_right("collect"))],
    responses=documented(400, 401, 403, 404, 413, 422, 503),
)
def record_action(wish: ActionIn, done: CollectionActionsDep, caller: CallerDep) -> dict[str, Any]:
    """Record a call, a letter, a promise, a dispute or a note; with a day the line waits until then."""
    made = done.record(
        wish.customer_id,
        wish.kind,
        caller,
        note=wish.note,
        amount_eur=wish.amount_eur,
        until=wish.until,
    )
    return made.document()
