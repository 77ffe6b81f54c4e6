"""Assess a customer or a prospect now; look an old answer up, and compute it again."""

from typing import Annotated, Any

from fastapi import Depends, Path, Query
from fastapi.responses import Response

from serving.api.audit_trail import old_answer
from serving.api.dependencies import OldVersionsDep, StoreDep
from serving.api.middleware.answers import answer_response
from serving.api.problems import documented
from serving.api.routes.api_route import ApiRequest, api_router
from serving.api.security import require_right
from serving.schemas.questions import AnswerId, AssessmentIn
from serving.schemas.records import AnsweredAssessmentOut, AuditEntryOut, ReplayOut
from serving.usecases.replay import replay, with_today

router = api_router("assessments")

REPLAYS = [Depends(require_right("replay"))]


@router.post("", response_model=AnsweredAssessmentOut, responses=documented(400, 401, 404, 413, 422, 503))
async def assess(request: ApiRequest, question: AssessmentIn) -> Response:
    """Assess a customer of the portfolio, or a prospect, for an amount, terms and a yearly forecast."""
    return answer_response(await request.wiring.assess(question, request.caller))


@router.get(
    "/{answer_id}",
    response_model=AuditEntryOut,
    dependencies=REPLAYS,
    responses=documented(401, 403, 404, 422, 503),
)
def look_up(answer_id: Annotated[AnswerId, Path()], store: StoreDep) -> dict[str, Any]:
    """Return an old answer: who asked what, what was answered, with which versions."""
    return old_answer(store, answer_id).document()


@router.get(
    "/{answer_id}/replay",
    response_model=ReplayOut,
    dependencies=REPLAYS,
    responses=documented(401, 403, 404, 422, 503),
)
def replay_answer(
    answer_id: Annotated[AnswerId, Path()],
    store: StoreDep,
    versions: OldVersionsDep,
    *,
    today: Annotated[
        bool, Query(description="ask today's models and policy too, on the data of then")
    ] = False,
) -> dict[str, Any]:
    """Compute an old answer again with the data, models and policy of then; say what differs and why."""
    entry = old_answer(store, answer_id)
    again = replay(entry, store, versions).document()
    return again | {"with_today": with_today(entry, store, versions).document() if today else None}
