"""Look a company up in the public registers before describing it as a prospect."""

from typing import Annotated, Any

from fastapi import Depends, Path

from serving.api.dependencies import LookupsDep
from serving.api.problems import documented
from serving.api.routes.api_route import api_router
from serving.api.security import require_right
from serving.schemas.questions import Siren
from serving.schemas.registers import FactsOut

router = api_router("registers")


@router.get(
    "/{siren}",
    response_model=FactsOut,
    dependencies=[Depends(require_right("look_up"))],
    responses=documented(401, 403, 422, 503),
)
def look_up(siren: Annotated[Siren, Path()], lookups: LookupsDep) -> dict[str, Any]:
    """Return what the registers know of a company: each value with its source and its days.

    A register that is away is named; the others still speak.
    """
    return lookups.find(siren).document()
