"""Store methods and statements on what registered versions of the models showed: save and list.

An evaluation is replaced when its version is judged again: against another champion, or under another policy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select

from serving.store.database import Database
from serving.store.engine import transaction
from serving.store.model_evaluations_schema import MODEL_EVALUATIONS
from serving.store.packing import from_json, to_json
from serving.store.runs import in_utc

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from sqlalchemy import RowMapping


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelEvaluation:
    """What a version showed on its test period.

    Parameters
    ----------
    version, model_version
        The version's number in the registry and its hash.
    compared_with
        Number of the champion that it was compared with; None without one.
    document
        Facts, the gate's verdict and the curves, as JSON values of `pipelines.training.evaluation`.
    at
        When it was saved; None before.
    """

    target: str
    version: int
    model_version: str
    compared_with: int | None
    document: Mapping[str, Any]
    at: dt.datetime | None = None


class ModelEvaluationStore(Database):
    """Store what versions showed."""

    def save_model_evaluation(self, found: ModelEvaluation) -> None:
        """Save what a version showed, in place of what was saved of it before."""
        table = MODEL_EVALUATIONS
        same = (table.c.target == found.target, table.c.version == found.version)
        row = {
            "target": found.target,
            "version": found.version,
            "model_version": found.model_version,
            "compared_with": found.compared_with,
            "document": to_json(found.document, "the evaluation of a model"),
            "at": self._clock(),
        }
        with transaction(self._engine, writes=True, alone=True) as connection:
            connection.execute(delete(table).where(*same))
            connection.execute(insert(table).values(row))

    def model_evaluations(self, target: str) -> tuple[ModelEvaluation, ...]:
        """Return what is known of a target's versions, the newest version first."""
        table = MODEL_EVALUATIONS
        query = select(table).where(table.c.target == target).order_by(table.c.version.desc())
        with transaction(self._engine) as connection:
            return tuple(_evaluation(row) for row in connection.execute(query).mappings())


def _evaluation(row: RowMapping) -> ModelEvaluation:
    return ModelEvaluation(**{**row, "document": from_json(row["document"]), "at": in_utc(row["at"])})
