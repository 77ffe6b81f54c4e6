"""The published portfolio under stress scenarios."""

from typing import Any

from fastapi import Depends, Request
from fastapi.responses import JSONResponse

from models.errors import ScenarioError
from serving.api.dependencies import StressDep
from serving.api.problems import Problem, documented
from serving.api.routes.api_route import api_router
from serving.api.security import CallerDep, require_right
from serving.api.views import LIST, viewer_of
from serving.audit.entries import ANSWER_ID_HEADER, new_answer_id
from serving.schemas.stress import ShippedScenariosOut, StressIn, StressOut
from serving.usecases.stress import shipped_scenarios, shipped_text

router = api_router("stress")


@router.get(
    "",
    response_model=ShippedScenariosOut,
    dependencies=[Depends(require_right("look_up"))],
    responses=documented(401, 503),
)
def shipped() -> dict[str, Any]:
    """Return the scenarios that ship, with their texts."""
    return {"items": [one.document() for one in shipped_scenarios()]}


@router.post("", response_model=StressOut, responses=documented(400, 401, 403, 413, 422, 503))
def stress(request: Request, question: StressIn, portfolio: StressDep, caller: CallerDep) -> JSONResponse:
    """Put the published portfolio under a scenario; nothing is changed.

    Limits follow the policy in force, and what a person decided stays. Each fault of a scenario is named by
    its line and key.
    """
    answer_id = new_answer_id()
    viewer = viewer_of(request, caller, LIST, answer_id)
    try:
        text = question.text if question.text is not None else shipped_text(question.name or "")
        found = portfolio(viewer, text, reverse_eur=question.reverse_eur)
    except ScenarioError as error:
        title = "The scenario cannot be used"
        raise Problem(422, "scenario-refused", title, str(error), errors=error.faults) from error
    return JSONResponse(found.document(), headers={ANSWER_ID_HEADER: answer_id})
