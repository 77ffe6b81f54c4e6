"""Assess a customer or a prospect now."""

from typing import Any

from fastapi import APIRouter

from serving.answers import AssessmentOut
from serving.assessing import answer
from serving.dependencies import AssessorDep, ServicesDep
from serving.problems import documented
from serving.schemas import AssessmentIn

router = APIRouter(prefix="/assessments", tags=["assessments"])


@router.post("", response_model=AssessmentOut, responses=documented(400, 401, 404, 422, 503))
def assess(question: AssessmentIn, services: ServicesDep, assessor: AssessorDep) -> dict[str, Any]:
    """Assess a customer of the portfolio, or a prospect, for an amount, terms and a yearly forecast."""
    return answer(question, services, assessor).document()
