"""The credit policy in force."""

from typing import Any

from fastapi import Depends

from serving.api.dependencies import AssessorDep, StoreDep
from serving.api.problems import documented
from serving.api.routes.api_route import api_router
from serving.api.security import require_right
from serving.schemas.models import PolicyOut

router = api_router("policy")


@router.get(
    "",
    response_model=PolicyOut,
    dependencies=[Depends(require_right("inspect"))],
    responses=documented(401, 403, 503),
)
def policy(assessor: AssessorDep, store: StoreDep) -> dict[str, Any]:
    """Return the policy in force: its version, its hash and its text."""
    rules = assessor.policy
    return {"version": rules.version, "hash": rules.hash, "text": store.policy_text(rules.hash)}
