"""The models in charge, with their measures, and how they came to answer."""

from typing import Any

from fastapi import APIRouter, Depends

from serving.dependencies import OldVersionsDep, StoreDep
from serving.in_charge import models_document
from serving.problems import documented
from serving.security import require_right
from serving.shapes.models import ModelsOut

router = APIRouter(prefix="/models", tags=["models"])


@router.get(
    "",
    response_model=ModelsOut,
    dependencies=[Depends(require_right("inspect"))],
    responses=documented(401, 403, 503),
)
def models(versions: OldVersionsDep, store: StoreDep) -> dict[str, Any]:
    """Return the champions with their measures, and the history of promotions."""
    return models_document(versions.today(), store.promotions())
