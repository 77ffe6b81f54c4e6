"""Assess many customers and prospects at once."""

from typing import TYPE_CHECKING, Any

from fastapi import Depends

from serving.api.problems import documented, problem_of
from serving.api.routes.api_route import ApiRequest, api_router
from serving.api.security import require_right
from serving.audit.answers import Answer
from serving.schemas.decisions import BatchIn, BatchOut

if TYPE_CHECKING:
    from serving.usecases.assess_batch import Refusal

router = api_router("assessments")


@router.post(
    "/batch",
    response_model=BatchOut,
    dependencies=[Depends(require_right("assess_many"))],
    responses=documented(400, 401, 403, 413, 422, 503),
)
def assess_many(request: ApiRequest, questions: BatchIn) -> dict[str, Any]:
    """Answer up to 1,000 questions in their order, each of which counts as one request.

    Each is independent: one that is invalid, or whose subject cannot be assessed, has a problem in its place.
    """
    caller, wiring = request.caller, request.wiring
    wiring.authenticator.count_more(caller, len(questions.items) - 1)
    found = wiring.assess_batch(questions.items, caller)
    answered = sum(isinstance(one, Answer) for one in found)
    items = [_item(place, one) for place, one in enumerate(found)]
    return {"items": items, "answered": answered, "refused": len(found) - answered}


def _item(place: int, found: "Answer | Refusal") -> dict[str, Any]:
    """Return an answer, or the problem of its question, in its place."""
    if not isinstance(found, Answer):
        problem = problem_of(found).document(f"items/{place}")
        return {"answer_id": None, "assessment": None, "in_force": None, "problem": problem}
    document = found.document()
    beside: dict[str, Any] = {
        name: document.pop(name) for name in ("answer_id", "in_force", "facts") if name in document
    }
    return {"assessment": document, "problem": None, **beside}
