"""Decide on an order now: accept, accept with conditions, or let a person decide."""

from typing import Any

from fastapi import APIRouter, Response

from serving.api.dependencies import AssessorDep, ServicesDep
from serving.api.problems import documented
from serving.api.schemas.decisions import DecisionIn, DecisionOut
from serving.api.security import CallerDep
from serving.audit.entries import ANSWER_ID_HEADER
from serving.deciding import answer_decision

router = APIRouter(prefix="/decisions", tags=["decisions"])


@router.post("", response_model=DecisionOut, responses=documented(400, 401, 404, 413, 422, 503))
def decide(
    question: DecisionIn,
    services: ServicesDep,
    assessor: AssessorDep,
    caller: CallerDep,
    response: Response,
) -> dict[str, Any]:
    """Decide on an order of a customer or a prospect, with the conditions that would make it acceptable."""
    found = answer_decision(question, services, assessor, caller)
    response.headers[ANSWER_ID_HEADER] = found["answer_id"]
    return found
