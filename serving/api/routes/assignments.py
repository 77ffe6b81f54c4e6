"""Whose customers are: assign them to users, read who has which."""

from typing import Annotated, Any

from fastapi import Depends, Query

from serving.api.dependencies import AssignCustomersDep, StoreDep
from serving.api.problems import documented
from serving.api.routes.api_route import api_router
from serving.api.security import CallerDep, require_right
from serving.schemas.follow_up import AssignmentIn, AssignmentsOut
from serving.schemas.questions import PlainText

router = api_router("assignments")


@router.get("", response_model=AssignmentsOut, responses=documented(401, 422, 503))
def read(
    store: StoreDep,
    assignee: Annotated[PlainText | None, Query(max_length=100, description="of this user only")] = None,
) -> dict[str, Any]:
    """List the assignments that count now, sorted by customer."""
    return {"items": [one.document() for one in store.assignments(assignee)]}


@router.post(
    "",
    status_code=201,
    response_model=AssignmentsOut,
    dependencies=[Depends(require_right("review"))],
    responses=documented(400, 401, 403, 404, 413, 422, 503),
)
def add(wish: AssignmentIn, assign: AssignCustomersDep, caller: CallerDep) -> dict[str, Any]:
    """Assign customers to a user, all or none; without an assignee they are nobody's."""
    return {"items": [one.document() for one in assign(wish.customer_ids, wish.assignee, caller)]}
