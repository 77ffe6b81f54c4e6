"""Assess many customers and prospects at once."""

from typing import TYPE_CHECKING, Any

from fastapi import Depends, Request

from serving.api.dependencies import AssessorDep, ServicesDep
from serving.api.problems import documented
from serving.api.routes.api_route import api_router
from serving.api.schemas.decisions import BatchIn, BatchOut
from serving.api.security import CallerDep, require_right
from serving.batches import answer_batch

if TYPE_CHECKING:
    from serving.api.authentication import Authenticator

router = api_router("assessments")


@router.post(
    "/batch",
    response_model=BatchOut,
    dependencies=[Depends(require_right("assess_many"))],
    responses=documented(400, 401, 403, 413, 422, 503),
)
def assess_many(
    request: Request, questions: BatchIn, services: ServicesDep, assessor: AssessorDep, caller: CallerDep
) -> dict[str, Any]:
    """Answer up to 1,000 questions in their order, each of which counts as one request.

    Each stands alone: one at fault, or about somebody who cannot be assessed, is a problem in its place.
    """
    guard: Authenticator = request.app.state.guard
    guard.count_more(caller, len(questions.items) - 1)
    return answer_batch(questions.items, services, assessor, caller)
