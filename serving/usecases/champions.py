"""The models in charge as one document: what is known of each, and by which promotion it came to answer.

Owns what is told of a model, whose facts were written when it was trained, and how the history is read.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.assessment.assessor import Assessor
    from models.learning.artifact import FittedModel
    from serving.store import Promotion

CHANGES = ("promoted", "rolled_back")


def answered(history: Sequence[Promotion]) -> tuple[int, ...]:
    """Return the successive champions, without those rolled back, oldest first."""
    past: list[int] = []
    for entry in history:
        if entry.action == "promoted":
            for number in (entry.previous, entry.version):
                if number is not None and past[-1:] != [number]:
                    past.append(number)
        elif entry.action == "rolled_back":
            while past and past[-1] != entry.version:
                past.pop()
            past = past or [entry.version]
    return tuple(past)


def open_request(history: Sequence[Promotion], version: int, now: dt.datetime, days: int) -> Promotion | None:
    """Return the request for a version that a second person may complete.

    Parameters
    ----------
    history
        Of the target, oldest first.
    days
        For how many days a request is valid; 0 where no second person is needed.

    Returns
    -------
    The request; None where there is none, it has expired, or a later decision closed it.
    """
    last = next((entry for entry in reversed(history) if entry.version == version), None)
    decided = [entry for entry in history if entry.action in CHANGES]
    stands = (
        last is not None
        and last.action == "requested"
        and now - last.at <= dt.timedelta(days=days)
        and not (decided and decided[-1].promotion_id > last.promotion_id)
    )
    return last if days and stands else None


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
