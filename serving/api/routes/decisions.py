"""Decide on an order now: accept, accept with conditions, or let a person decide."""

from fastapi.responses import Response

from serving.api.dependencies import DecideDep
from serving.api.middleware.answers import answer_response
from serving.api.problems import documented
from serving.api.routes.api_route import api_router
from serving.api.security import CallerDep
from serving.schemas.decisions import DecisionIn, DecisionOut

router = api_router("decisions")


@router.post("", response_model=DecisionOut, responses=documented(400, 401, 404, 413, 422, 503))
def decide(question: DecisionIn, use_case: DecideDep, caller: CallerDep) -> Response:
    """Decide on an order of a customer or a prospect, with the conditions that would make it acceptable."""
    return answer_response(use_case(question, caller).answer)
