"""Assess many customers and prospects at once."""

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Depends, Request

from serving.batches import answer_batch
from serving.dependencies import AssessorDep, ServicesDep
from serving.problems import documented
from serving.security import CallerDep, require_right
from serving.shapes.decisions import BatchIn, BatchOut

if TYPE_CHECKING:
    from serving.guard import Guard

router = APIRouter(prefix="/assessments", tags=["assessments"])


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
    guard: Guard = request.app.state.guard
    guard.count_more(caller, len(questions.items) - 1)
    return answer_batch(questions.items, services, assessor, caller)
