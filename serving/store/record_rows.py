"""Frozen rows of append-only data: overrides, the audit log, and the inputs of answers.

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
    """A person's temporary replacement of a model's result.

    Parameters
    ----------
    override_id
        Its number in the history; 0 before it is stored.
    value
        Euros for a limit, a letter for a grade.
    valid_until
        The last day on which it is in force.
    own
        The model's own answer at that time, as JSON values: the limit, the grade, the versions.
    withdrawn_at, withdrawn_by, withdrawn_reason
        None unless withdrawn.
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
        """Return whether it is in force on a day: set, not expired, not withdrawn."""
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
class StoredState:
    """Inputs of an answer, stored for its replay.

    Parameters
    ----------
    features_hash
        The hash of the state's columns in the answer.
    party, surroundings
        As JSON values.
    vector
        The state with its schema; its numbers are restored bit for bit.
    """

    features_hash: str
    as_of: dt.date
    party: Mapping[str, Any]
    vector: StateVector
    surroundings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def state_hash(self) -> str:
        """Return the hash of the whole row: equal numbers may have another name, day or schema.

        If the schema follows from the length (`unversioned`), its hash is omitted, as before schemas were
        stored.
        """
        told: list[Any] = [self.as_of.isoformat(), dict(self.party), dict(self.surroundings)]
        if self.vector.schema != unversioned(self.vector.schema.length):
            told.append(self.vector.schema.hash)
        text = json.dumps(told, sort_keys=True)
        return hashlib.sha256(text.encode() + self.vector.values.tobytes()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class StoredPolicy:
    """The text of a policy that answers reference by its hash."""

    policy_hash: str
    version: str
    text: str


@dataclass(frozen=True, slots=True)
class StoredModel:
    """A promoted model.

    Parameters
    ----------
    model_version
        The hash of what its predictions depend on.
    files
        Texts by file name, of `models.learning.artifact.files_of`.
    """

    target: str
    model_version: str
    files: Mapping[str, str]


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
    """A request and its answer, with the caller.

    Parameters
    ----------
    answer_id
        Id of the answer, 32 hex digits.
    via
        `key`, `session`, or `command` for the command line.
    action
        Such as `assessment`, `decision`, `override`, `sign-in`.
    question, answer
        As JSON values; an answer that cannot be read any more is empty.
    state
        Inputs of the answer; stored once, next to the log.
    state_hash
        Hash under which they are stored; derived from `state`.
    sound
        Whether the entry is unchanged since it was written; False if its row, or the template of its answer,
        was modified.
    features_hash, late_model, default_model, policy_hash
        Versions behind the answer; None if no model was used.
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
    state: StoredState | None = None
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
class AuditFilter:
    """Which entries of the log are asked for: all that have every given value.

    Parameters
    ----------
    since, until
        Moments in UTC: from the first on, before the second.
    """

    customer_id: str | None = None
    who: str | None = None
    action: str | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None


EVERY_ENTRY = AuditFilter()


@dataclass(frozen=True, slots=True)
class AuditPage:
    """A page of the log, newest entry first; continue with `before=next_before` until that is None."""

    items: tuple[AuditEntry, ...]
    next_before: int | None


def _iso(moment: dt.datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
