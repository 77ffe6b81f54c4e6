"""What is looked up in the audit log, by whom, and what is answered where it is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from serving.api.problems import Problem
from serving.usecases.replay import is_replayable

if TYPE_CHECKING:
    from serving.store import AuditEntry, Store


def old_answer(store: Store, answer_id: str) -> AuditEntry:
    """Return the entry of an answer of the models.

    Raises
    ------
    Problem
        404: the log holds no answer of that id.
    """
    entry = store.audit_entry(answer_id)
    if entry is None or not is_replayable(entry):
        detail = f"The audit log has no answer {answer_id!r}; send the X-Answer-Id of an answer."
        raise Problem(404, "unknown-answer", "Unknown answer", detail, errors=[("answer_id", detail)])
    return entry
