"""Who looked at customers, and when: record it, read the history."""

from typing import Annotated, Any

from fastapi import Depends, Query

from serving.api.dependencies import MarkReviewedDep, StoreDep
from serving.api.problems import documented
from serving.api.routes.api_route import api_router
from serving.api.security import CallerDep, require_right
from serving.schemas.follow_up import ReviewIn, ReviewPageOut, ReviewsOut
from serving.schemas.questions import CustomerId
from serving.usecases.reviews import reviews_document

router = api_router("reviews")


@router.get("", response_model=ReviewPageOut, responses=documented(401, 422, 503))
def read(
    store: StoreDep,
    customer_id: Annotated[CustomerId | None, Query(description="of this customer only")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> dict[str, Any]:
    """List reviews, the newest first."""
    return reviews_document(store.reviews(customer_id, limit, offset))


@router.post(
    "",
    status_code=201,
    response_model=ReviewsOut,
    dependencies=[Depends(require_right("review"))],
    responses=documented(400, 401, 403, 404, 413, 422, 503),
)
def add(wish: ReviewIn, mark_reviewed: MarkReviewedDep, caller: CallerDep) -> dict[str, Any]:
    """Mark customers as reviewed today, all or none; limits and grades stay as they are."""
    return {"items": [one.document() for one in mark_reviewed(wish.customer_ids, wish.note, caller)]}
