"""The models in charge as one document: what is known of each, and by which promotion it came to answer.

Owns what is told of a model; the facts were written when it was trained.
"""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.assessment.assessor import Assessor
    from models.learning.artifact import FittedModel
    from serving.store import Promotion

CHANGES = ("promoted", "rolled_back")


def models_document(assessor: Assessor, promotions: Sequence[Promotion]) -> dict[str, Any]:
    """Return the champions and the history of promotions, the newest first."""
    newest = list(reversed(promotions))
    champions = [_champion(model, newest) for model in (assessor.late, assessor.default)]
    return {"champions": champions, "history": [_promotion(entry) for entry in newest]}


def _champion(model: FittedModel, newest: Sequence[Promotion]) -> dict[str, Any]:
    facts = model.facts
    entry = next(
        (one for one in newest if one.model_version == model.version and one.action in CHANGES), None
    )
    return {
        "target": model.target,
        "model_version": model.version,
        "rests_on": model.rests_on,
        "features": len(model.features),
        "rows": facts.get("rows"),
        "bad_share": facts.get("bad_share"),
        "first_day": facts.get("first_day"),
        "period_ends": facts.get("period_ends", {}),
        "test_metrics": _finite(facts.get("test_metrics", {})),
        "promotion": None if entry is None else _promotion(entry),
    }


def _promotion(entry: Promotion) -> dict[str, Any]:
    told = asdict(entry)
    del told["verdict"]
    return told


def _finite(metrics: dict[str, Any]) -> dict[str, float]:
    """Leave out what is no finite number: JSON knows none."""
    return {
        name: float(value)
        for name, value in metrics.items()
        if isinstance(value, int | float) and math.isfinite(value)
    }
