"""A known customer's answer as the JSON text that goes out, and as the audit log keeps it.

Owns the quick way to the text that `serving.answering` makes of documents: what hangs on the customer alone
was written once, when it was read (`Pieces`), and is put in as it stands.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import orjson

from models.assessment import Assessment, CreditLimit
from models.policy.override_rules import InForce, effective
from models.reasons import plain
from serving.store.audit import prepare_written

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from typing import Any

    from models.known import KnownCustomer
    from models.policy.policy import Policy
    from serving.security import Caller
    from serving.shapes.questions import AssessmentIn
    from serving.store import Override, PreparedEntry

_ANSWER = tuple(field.name for field in fields(Assessment))
_LIMIT = tuple(field.name for field in fields(CreditLimit))


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """What hangs on a customer alone, as JSON text.

    Parameters
    ----------
    party, default
        Who it is, and its probability of default.
    terms
        The standing terms of its limit, by name.
    """

    party: orjson.Fragment
    default: orjson.Fragment
    terms: Mapping[str, orjson.Fragment]

    @classmethod
    def of(cls, known: KnownCustomer) -> Pieces:
        """Write them once."""
        terms = {term.name: _fragment(term) for term in known.standing}
        return cls(_fragment(known.state.party), _fragment(known.default), terms)


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """An answer as it goes out: JSON text, with the id under which it stands in the log."""

    answer_id: str
    body: bytes


def write(
    answer: Assessment,
    answer_id: str,
    pieces: Pieces,
    overrides: tuple[Override, ...],
    today: dt.date,
    policy: Policy,
) -> Written:
    """Write an answer with its id and what is in force, as `serving.answering` answers."""
    limit = answer.limit
    told = {name: getattr(answer, name) for name in _ANSWER}
    told |= {
        "party": pieces.party,
        "pd_12m": pieces.default,
        "limit": {name: getattr(limit, name) for name in _LIMIT}
        | {"terms": [pieces.terms.get(term.name, term) for term in limit.terms]},
        "answer_id": answer_id,
        "in_force": _in_force(answer, overrides, today, policy),
    }
    return Written(answer_id, orjson.dumps(told, default=plain))


def prepare(
    question: AssessmentIn,
    caller: Caller,
    answer: Assessment,
    written: Written,
    state: Mapping[str, Any],
    now: dt.datetime,
    *,
    is_kept: bool,
) -> PreparedEntry:
    """Return the log's entry of an answer that is written.

    Parameters
    ----------
    state
        The customer's state as the log keeps it, as columns.
    is_kept
        Whether the log is known to hold these already.
    """
    about = {
        "answer_id": written.answer_id,
        "at": now,
        "who": caller.name,
        "role": caller.role,
        "via": caller.via,
        "action": "assessment",
        "customer_id": answer.party.customer_id,
        "features_hash": answer.features_hash,
        "late_model": answer.p_late30.model_version,
        "default_model": answer.pd_12m.model_version,
        "policy_hash": answer.policy_hash,
    }
    asked = question.model_dump_json(exclude_none=True)
    return prepare_written(about, asked, written.body, state["state_hash"], None if is_kept else state)


def _in_force(
    answer: Assessment, overrides: tuple[Override, ...], today: dt.date, policy: Policy
) -> dict[str, Any]:
    if overrides:
        return effective(answer.document(), overrides, today, policy).document()
    own_eur, grade = float(answer.limit.limit_eur), answer.grade
    return InForce(own_eur, "model", grade, "model", own_eur, grade, ()).document()


def _fragment(value: object) -> orjson.Fragment:
    return orjson.Fragment(orjson.dumps(value, default=plain))
