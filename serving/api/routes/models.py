"""The models in charge, with their measures, and how they came to answer."""

from typing import Any

from fastapi import Depends

from serving.api.dependencies import OldVersionsDep, StoreDep
from serving.api.problems import documented
from serving.api.routes.api_route import api_router
from serving.api.security import require_right
from serving.schemas.models import ModelsOut
from serving.usecases.champions import models_document

router = api_router("models")


@router.get(
    "",
    response_model=ModelsOut,
    dependencies=[Depends(require_right("inspect"))],
    responses=documented(401, 403, 503),
)
def models(versions: OldVersionsDep, store: StoreDep) -> dict[str, Any]:
    """Return the champions with their measures, and the history of promotions."""
    return models_document(versions.today(), store.promotions())
