"""Answers about credit: written once as JSON, the same bytes for the caller and for the audit log.

Owns what an answer says beside the assessment: its id, what is in force, and what the registers filled in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import orjson

from models.explain.reasons import plain
from models.policy.overrides import InForce, effective

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from models.assessment.assessment import Assessment
    from models.policy.document import Policy
    from serving.schemas.questions import AssessmentIn
    from serving.store import Override


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """An answer that is in the audit log.

    Parameters
    ----------
    body
        The answer as JSON text.
    question
        As it was answered: a prospect filled in from the registers.
    assessment, in_force
        What the body says, or rests on.
    """

    answer_id: str
    body: bytes
    question: AssessmentIn
    assessment: Assessment
    in_force: InForce

    def document(self) -> dict[str, Any]:
        """Return the answer as plain JSON values."""
        return cast("dict[str, Any]", orjson.loads(self.body))


def write_answer(
    assessment: Assessment, answer_id: str, in_force: InForce, more: Mapping[str, Any] | None = None
) -> bytes:
    """Write an assessment as the JSON text that goes out, with its id and what is in force.

    Parameters
    ----------
    more
        Further fields, such as what the registers filled in.
    """
    told = {**vars(assessment), "answer_id": answer_id, "in_force": in_force, **(more or {})}
    return orjson.dumps(told, default=plain)


def in_force_of(
    assessment: Assessment, overrides: Sequence[Override], today: dt.date, policy: Policy
) -> InForce:
    """Return the limit and the grade in force: an override's, else the model's own."""
    if overrides:
        return effective(assessment.document(), overrides, today, policy)
    limit_eur, grade = float(assessment.limit.limit_eur), assessment.grade
    return InForce(limit_eur, "model", grade, "model", limit_eur, grade, ())
