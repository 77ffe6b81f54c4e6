"""What analysts decided in place of the model: set, list, withdraw."""

from typing import Annotated, Any

from fastapi import Depends, Path, Query, Response

from serving.api.dependencies import SetOverrideDep, StoreDep, TodayDep, WithdrawOverrideDep
from serving.api.problems import documented
from serving.api.routes.api_route import api_router
from serving.api.security import CallerDep, require_right
from serving.audit.entries import ANSWER_ID_HEADER
from serving.schemas.questions import CustomerId, OverrideIn, PlainText
from serving.schemas.records import OverrideOut, OverridesOut
from serving.usecases.overrides import list_overrides

router = api_router("overrides")

OverrideId = Annotated[int, Path(ge=1, le=2**31 - 1)]
SETS = [Depends(require_right("override"))]


@router.get("", response_model=OverridesOut, responses=documented(401, 422, 503))
def read(
    store: StoreDep,
    today: TodayDep,
    customer_id: Annotated[CustomerId | None, Query(description="of this customer only")] = None,
    in_force: Annotated[bool, Query(description="those in force today only")] = False,  # noqa: FBT002  # a query's flag
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> dict[str, Any]:
    """List overrides, the oldest first, withdrawn ones too, with what the model said beside each."""
    return list_overrides(store, today, customer_id, limit, offset, only_in_force=in_force)


@router.post(
    "",
    status_code=201,
    response_model=OverrideOut,
    dependencies=SETS,
    responses=documented(400, 401, 403, 404, 413, 422, 503),
)
def add(wish: OverrideIn, use_case: SetOverrideDep, caller: CallerDep, response: Response) -> dict[str, Any]:
    """Set a limit or a grade in place of the model's, with a reason and a last day; it lifts no stop."""
    made = use_case(wish.customer_id, wish.kind, wish.value, wish.reason, wish.valid_until, caller)
    response.headers[ANSWER_ID_HEADER] = made.answer_id
    return made.override.document()


@router.delete(
    "/{override_id}",
    response_model=OverrideOut,
    dependencies=SETS,
    responses=documented(401, 403, 404, 409, 422, 503),
)
def withdraw(
    override_id: OverrideId,
    use_case: WithdrawOverrideDep,
    caller: CallerDep,
    response: Response,
    reason: Annotated[PlainText, Query(max_length=1000, description="why it is taken back")],
) -> dict[str, Any]:
    """Withdraw an override: it and its withdrawal both stay in the history."""
    ended = use_case(override_id, reason, caller)
    response.headers[ANSWER_ID_HEADER] = ended.answer_id
    return ended.override.document()
