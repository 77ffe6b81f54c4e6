"""What only grows, as frozen rows: overrides, the audit log, and what answers were computed from.

Owns the shapes only; they know no SQL.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from models.features.state_schema import unversioned

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from models.features.state_schema import StateVector

OverrideKind = Literal["limit", "grade"]


@dataclass(frozen=True, slots=True)
class Override:
    """What a person decided in place of the model, for a time.

    Parameters
    ----------
    override_id
        Its number in the history; 0 before it is kept.
    value
        Euros for a limit, a letter for a grade.
    valid_until
        The last day on which it is in force.
    own
        What the model said when it was set, as JSON values: the limit, the grade, the versions.
    withdrawn_at, withdrawn_by, withdrawn_reason
        None while nobody took it back.
    """

    customer_id: str
    kind: OverrideKind
    value: float | str
    reason: str
    who: str
    valid_until: dt.date
    own: Mapping[str, Any] = field(default_factory=dict)
    override_id: int = 0
    created_at: dt.datetime | None = None
    withdrawn_at: dt.datetime | None = None
    withdrawn_by: str | None = None
    withdrawn_reason: str | None = None

    def in_force(self, on: dt.date) -> bool:
        """Tell whether it was set by a day, has not expired on it, and was not taken back by it."""
        begun = self.created_at is None or self.created_at.date() <= on
        standing = self.withdrawn_at is None or self.withdrawn_at.date() > on
        return begun and standing and on <= self.valid_until

    def document(self) -> dict[str, Any]:
        """Return the override as plain JSON values."""
        return {
            "override_id": self.override_id,
            "customer_id": self.customer_id,
            "kind": self.kind,
            "value": self.value,
            "reason": self.reason,
            "who": self.who,
            "created_at": _iso(self.created_at),
            "valid_until": self.valid_until.isoformat(),
            "own": dict(self.own),
            "withdrawn_at": _iso(self.withdrawn_at),
            "withdrawn_by": self.withdrawn_by,
            "withdrawn_reason": self.withdrawn_reason,
        }


@dataclass(frozen=True, slots=True, eq=False)
class KeptState:
    """What an answer was computed from, so that it can be computed again.

    Parameters
    ----------
    features_hash
        The hash of the state's columns that stands on the answer.
    party, surroundings
        As JSON values.
    vector
        The state with its schema; its numbers come back bit for bit.
    """

    features_hash: str
    as_of: dt.date
    party: Mapping[str, Any]
    vector: StateVector
    surroundings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def state_hash(self) -> str:
        """Return the hash of all of it: the same numbers may come with another name, day or schema.

        Where the length tells the schema (`unversioned`), its hash is left out, as it was before schemas were
        stored.
        """
        told: list[Any] = [self.as_of.isoformat(), dict(self.party), dict(self.surroundings)]
        if self.vector.schema != unversioned(self.vector.schema.length):
            told.append(self.vector.schema.hash)
        text = json.dumps(told, sort_keys=True)
        return hashlib.sha256(text.encode() + self.vector.values.tobytes()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class KeptPolicy:
    """The text of a policy that answers name by its hash."""

    policy_hash: str
    version: str
    text: str


ENTRY_FIELDS = (
    "answer_id",
    "who",
    "role",
    "via",
    "action",
    "customer_id",
    "features_hash",
    "late_model",
    "default_model",
    "policy_hash",
    "sound",
)


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who asked what, and what was answered.

    Parameters
    ----------
    answer_id
        32 hex digits that stand on the answer.
    via
        `key`, `session`, or `command` for the command line.
    action
        Such as `assessment`, `decision`, `override`, `sign-in`.
    question, answer
        As JSON values; an answer that cannot be read any more is empty.
    state
        What the answer was computed from; kept once, beside the log.
    state_hash
        Where that is kept; follows from `state`.
    sound
        Whether the entry still is what was written; False where its row, or the template of its answer, was
        changed behind our back.
    features_hash, late_model, default_model, policy_hash
        What the answer rests on; None where no model was asked.
    """

    answer_id: str
    at: dt.datetime
    who: str
    role: str
    via: str
    action: str
    question: Mapping[str, Any]
    answer: Mapping[str, Any]
    customer_id: str | None = None
    features_hash: str | None = None
    late_model: str | None = None
    default_model: str | None = None
    policy_hash: str | None = None
    state: KeptState | None = None
    state_hash: str | None = None
    sound: bool = True

    def document(self) -> dict[str, Any]:
        """Return the entry as plain JSON values."""
        kept = {name: getattr(self, name) for name in ENTRY_FIELDS}
        return kept | {
            "at": self.at.isoformat(),
            "question": dict(self.question),
            "answer": dict(self.answer),
        }


@dataclass(frozen=True, slots=True)
class AuditPage:
    """A stretch of the log, the newest entry first; ask on with `before=next_before` while it is not None."""

    items: tuple[AuditEntry, ...]
    next_before: int | None


def _iso(moment: dt.datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
