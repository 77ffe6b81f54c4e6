"""What stands in the audit log about an answer.

Owns how an answer and its question become an entry; writing it is `serving.audit.recorder`'s.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from models.assessment.assessment import CustomerState
from models.policy.overrides import default_model_of
from serving.store import AuditEntry, StoredState
from serving.store.audit import WrittenEntry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from serving.audit.answers import Answer
    from serving.callers import Caller
    from serving.store import CustomerFile

ANSWER_ID_HEADER = "X-Answer-Id"


def new_answer_id() -> str:
    """Return the id of a new answer: 32 hex digits, of which nobody can guess the last 18."""
    return new_answer_ids(1)[0]


def new_answer_ids(count: int) -> list[str]:
    """Return the ids of new answers: UUIDs of version 7 (RFC 9562), asking the system for chance once.

    They begin with the milliseconds since 1970, so that the log's index grows at one end.
    """
    moment = f"{time.time_ns() // 1_000_000:012x}7"
    drawn = os.urandom(10 * count).hex()
    return [
        f"{moment}{drawn[at : at + 3]}{'89ab'[int(drawn[at + 3], 16) % 4]}{drawn[at + 4 : at + 19]}"
        for at in range(0, len(drawn), 20)
    ]


def entry_of(
    caller: Caller,
    action: str,
    question: Mapping[str, Any],
    answer: Mapping[str, Any],
    customer_id: str | None = None,
    answer_id: str | None = None,
) -> AuditEntry:
    """Return the entry of something that no model was asked about.

    Parameters
    ----------
    question, answer
        As JSON values, without secrets.
    answer_id
        The id that stands on the answer; a new one without it.
    """
    return AuditEntry(
        answer_id=answer_id or new_answer_id(),
        at=dt.datetime.now(dt.UTC),
        who=caller.name,
        role=caller.role,
        via=caller.via,
        action=action,
        question=question,
        answer=answer,
        customer_id=customer_id,
    )


def entry_of_answer(
    caller: Caller,
    action: str,
    answer: Answer,
    state: Mapping[str, Any],
    now: dt.datetime,
) -> WrittenEntry:
    """Return the entry of an answer that is written: the log holds the bytes that go out.

    Parameters
    ----------
    state
        What the answer was computed from, as columns of the store.
    """
    assessment = answer.assessment
    plain = {
        "answer_id": answer.answer_id,
        "at": now,
        "who": caller.name,
        "role": caller.role,
        "via": caller.via,
        "action": action,
        "customer_id": assessment.party.customer_id,
        "features_hash": assessment.features_hash,
        "late_model": assessment.p_late30.model_version,
        "default_model": assessment.default_model,
        "policy_hash": assessment.policy_hash,
    }
    asked = answer.question.model_dump_json(exclude_none=True)
    return WrittenEntry(plain, asked, answer.body, state)


def entry_of_file(
    caller: Caller,
    action: str,
    question: Mapping[str, Any],
    found: CustomerFile,
    beside: Mapping[str, Any],
    answer_id: str | None = None,
) -> AuditEntry:
    """Return the entry of somebody being shown what the night published of a customer.

    Parameters
    ----------
    action
        Where it was shown, such as `page` or `sheet`.
    beside
        What was shown beside the night's assessment, such as what is in force, as JSON values.
    """
    stored, row, answer_id = found.stored, found.stored.row, answer_id or new_answer_id()
    told = row.assessment
    state = CustomerState.of_run(row.party, stored.as_of, row.state, row.open_eur, found.context)
    answer = {**told, "answer_id": answer_id, **beside}
    return replace(
        entry_of(caller, action, question, answer, row.customer_id, answer_id),
        features_hash=told["features_hash"],
        late_model=told["p_late30"]["model_version"],
        default_model=default_model_of(told),
        policy_hash=told["policy_hash"],
        state=kept(state, told["features_hash"]),
    )


def kept(state: CustomerState, features_hash: str) -> StoredState:
    """Return a state as it is kept."""
    return StoredState(
        features_hash, state.as_of, state.party.document(), state.vector, asdict(state.surroundings)
    )
