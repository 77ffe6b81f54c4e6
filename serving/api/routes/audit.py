"""Who asked what and what was answered, from the newest entry on."""

from typing import Annotated, Any

from fastapi import Depends, Query

from serving.api.dependencies import StoreDep
from serving.api.problems import documented
from serving.api.routes.api_route import api_router
from serving.api.security import require_right
from serving.schemas.questions import CustomerId, PlainText
from serving.schemas.records import AuditPageOut
from serving.store import AuditFilter

router = api_router("audit", dependencies=[Depends(require_right("read_audit"))])


@router.get("", response_model=AuditPageOut, responses=documented(401, 403, 422, 503))
def read(
    store: StoreDep,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    before: Annotated[
        int | None, Query(ge=1, le=2**31 - 1, description="`next_before` of the page before")
    ] = None,
    customer_id: Annotated[CustomerId | None, Query(description="answers about this customer only")] = None,
    who: Annotated[PlainText | None, Query(max_length=200, description="this key's or person's only")] = None,
) -> dict[str, Any]:
    """List entries of the audit log, the newest first; ask on with `before` while `next_before` is there."""
    page = store.audit(limit, before, AuditFilter(customer_id, who))
    return {"items": [entry.document() for entry in page.items], "next_before": page.next_before}
