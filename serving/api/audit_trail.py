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
    entry = entry_of_log(store, answer_id)
    if not is_replayable(entry):
        raise _unknown(answer_id)
    return entry


def decision_of_log(store: Store, answer_id: str) -> AuditEntry:
    """Return the entry of a decision on an order.

    Raises
    ------
    Problem
        404: the log holds no decision of that id.
    """
    entry = entry_of_log(store, answer_id)
    if entry.action != "decision" or not entry.answer:
        raise _unknown(answer_id)
    return entry


def entry_of_log(store: Store, answer_id: str) -> AuditEntry:
    """Return an entry of the log, of whatever action.

    Raises
    ------
    Problem
        404: the log holds none of that id.
    """
    entry = store.audit_entry(answer_id)
    if entry is None:
        raise _unknown(answer_id)
    return entry


def _unknown(answer_id: str) -> Problem:
    detail = f"The audit log has no answer {answer_id!r}; send the X-Answer-Id of an answer."
    return Problem(404, "unknown-answer", "Unknown answer", detail, errors=[("answer_id", detail)])
