"""Assess many customers and prospects at once."""

from typing import Any

from fastapi import APIRouter, Depends

from serving.batches import answer_batch
from serving.dependencies import AssessorDep, ServicesDep
from serving.problems import documented
from serving.security import CallerDep, require_right
from serving.shapes.decisions import BatchIn, BatchOut

router = APIRouter(prefix="/assessments", tags=["assessments"])


@router.post(
    "/batch",
    response_model=BatchOut,
    dependencies=[Depends(require_right("assess_many"))],
    responses=documented(400, 401, 403, 413, 422, 503),
)
def assess_many(
    questions: BatchIn, services: ServicesDep, assessor: AssessorDep, caller: CallerDep
) -> dict[str, Any]:
    """Answer up to 1,000 questions in their order.

    Each stands alone: one at fault, or about somebody who cannot be assessed, is a problem in its place.
    """
    return answer_batch(questions.items, services, assessor, caller)
