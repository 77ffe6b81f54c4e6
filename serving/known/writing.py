"""A known customer's answer as the JSON text that goes out, and as the audit log keeps it.

Owns the quick way to the text that `serving.answering` makes of documents: what hangs on the customer alone
is written once, at its first answer (`Form`), and only the gaps between are written for each question. The
log keeps a first answer whole; with the second comes the form, and from then on the gaps are enough.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntEnum
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import orjson

from models.assessment.assessment import (
    Assessment,
    CreditCase,
    CreditLimit,
    CreditRequest,
    LimitTerm,
    Probability,
)
from models.errors import CreditError
from models.explain.reasons import plain
from models.policy.overrides import InForce, effective
from serving.store.audit import WrittenEntry
from serving.store.forms import EDGE, Filling, hash_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from models.policy.document import Policy
    from serving.api.schemas.questions import AssessmentIn
    from serving.api.security import Caller
    from serving.store import Override

_ASKED_TERMS = ("need", "legal_entity", "value", "insurance")
"""The terms of the limit that hang on the question."""
_GAPS = (
    *("request.amount_eur", "request.terms_days", "request.yearly_forecast_eur"),
    *("late.value", "late.low", "late.high", "late.confidence", "late.margin", "late.reasons"),
    *("days_late_p10", "days_late_p50", "days_late_p90", "p_later_than", "payer_grade"),
    *("limit.limit_eur", "limit.binding"),
    *(f"{term}.{name}" for term in _ASKED_TERMS for name in ("value_eur", "inputs")),
    *("case.yearly_sales_forecast_eur", "case.terms_days", "case.expected_days_late"),
    *("case.peak_exposure_eur", "case.p_late30"),
    *("recommended_terms_days", "deposit_share", "means_of_payment", "answer_id", "in_force"),
)
"""What a question changes in an answer, in the order in which it stands there."""
_REASONS, _LATER_THAN, _IN_FORCE = map(_GAPS.index, ("late.reasons", "p_later_than", "in_force"))
_INPUTS = tuple(_GAPS.index(f"{term}.inputs") for term in _ASKED_TERMS)
_LATER = None
"""In place of what is no plain value, and is written beside."""


class StoredAnswers(IntEnum):
    """How much of what answers about a customer rest on the log is known to hold."""

    NOTHING = 0
    STATE = 1
    FORM = 2


@dataclass(frozen=True, eq=False)  # no slots, for the hash is kept where it is asked for
class Form:
    """A customer's answers as JSON text with gaps.

    Parameters
    ----------
    parts
        The text before, between and after the gaps.
    terms
        Where the terms of the limit stand that hang on the question.
    """

    parts: tuple[bytes, ...]
    terms: tuple[int, ...]

    @classmethod
    def of(cls, answer: Assessment) -> Form:
        """Take a customer's first answer apart.

        Raises
        ------
        CreditError
            The gaps do not stand in their order: the answer's shape is not what this version knows.
        """
        terms = {term.name: place for place, term in enumerate(answer.limit.terms)}
        told = _open(answer, "", Assessment) | {
            "request": _open(answer.request, "request.", CreditRequest),
            "p_late30": _open(answer.p_late30, "late.", Probability),
            "limit": _open(answer.limit, "limit.", CreditLimit)
            | {"terms": [_open(term, f"{term.name}.", LimitTerm) for term in answer.limit.terms]},
            "case": _open(answer.case, "case.", CreditCase),
            "answer_id": _gap("answer_id"),
            "in_force": _gap("in_force"),
        }
        found = orjson.dumps(told, default=plain).split(EDGE)
        if tuple(name.decode() for name in found[1::2]) != _GAPS:
            raise CreditError("an answer's figures do not stand where they are written; report this")
        return cls(tuple(found[::2]), tuple(terms[name] for name in _ASKED_TERMS))

    @property
    def text(self) -> bytes:
        """The form as the log keeps it."""
        return EDGE.join(self.parts)

    @cached_property
    def hash(self) -> bytes:
        """What the log keeps it under."""
        return hash_of(self.text)

    def fill(self, answer: Assessment, answer_id: str, in_force: bytes) -> Written:
        """Write an answer to another question about the same customer."""
        request, late, limit, case = answer.request, answer.p_late30, answer.limit, answer.case
        asked = [limit.terms[place] for place in self.terms]
        plain_values = (
            *(request.amount_eur, request.terms_days, request.yearly_forecast_eur),
            *(late.value, late.low, late.high, late.confidence, late.margin, _LATER),
            *(answer.days_late_p10, answer.days_late_p50, answer.days_late_p90, _LATER, answer.payer_grade),
            *(limit.limit_eur, limit.binding),
            *(value for term in asked for value in (term.value_eur, _LATER)),
            *(case.yearly_sales_forecast_eur, case.terms_days, case.expected_days_late),
            *(case.peak_exposure_eur, case.p_late30),
            *(answer.recommended_terms_days, answer.deposit_share, answer.means_of_payment),
            *(answer_id, _LATER),
        )
        # Numbers and our own codes: none of them has a comma.
        values = orjson.dumps(plain_values)[1:-1].split(b",")
        values[_REASONS], values[_IN_FORCE] = late.reasons.json(), in_force
        values[_LATER_THAN] = orjson.dumps(answer.p_later_than)
        for place, term in zip(_INPUTS, asked, strict=True):
            values[place] = orjson.dumps(term.inputs)
        written: list[bytes] = [b""] * (2 * len(_GAPS) + 1)
        written[::2], written[1::2] = self.parts, values
        return Written(answer_id, b"".join(written), EDGE.join(values))

    def kept(self, written: Written, kept: StoredAnswers) -> bytes | Filling:
        """Return what the log keeps of an answer that fills this in, where it holds so much already."""
        if kept is StoredAnswers.NOTHING:
            # Whoever is asked about once must not cost a form.
            return written.body
        return Filling(written.gaps, self.hash, self.text if kept is StoredAnswers.STATE else None)


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """An answer as it goes out: JSON text, with the id under which it stands in the log.

    Parameters
    ----------
    gaps
        What fills its form in, with `EDGE` between.
    """

    answer_id: str
    body: bytes
    gaps: bytes


def write(
    answer: Assessment,
    answer_id: str,
    form: Form,
    overrides: tuple[Override, ...],
    today: dt.date,
    policy: Policy,
) -> Written:
    """Write an answer with its id and what is in force, as `serving.answering` answers."""
    if overrides:
        in_force = orjson.dumps(effective(answer.document(), overrides, today, policy).document())
    else:
        in_force = _own(float(answer.limit.limit_eur), answer.grade)
    return form.fill(answer, answer_id, in_force)


def entry_of(
    question: AssessmentIn,
    caller: Caller,
    answer: Assessment,
    written: Written,
    form: Form,
    state: Mapping[str, Any],
    kept: StoredAnswers,
    now: dt.datetime,
) -> WrittenEntry:
    """Return the log's entry of an answer that is written.

    Parameters
    ----------
    form
        What the answer fills in.
    state
        The customer's state as the log keeps it, as columns.
    kept
        How much of both the log is known to hold already.
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
        "default_model": answer.default_model,
        "policy_hash": answer.policy_hash,
    }
    asked = question.model_dump_json(exclude_none=True)
    brought = state if kept is StoredAnswers.NOTHING else None
    return WrittenEntry(about, asked, form.kept(written, kept), state["state_hash"], brought)


@lru_cache(maxsize=1 << 12)
def _own(limit_eur: float, grade: str) -> bytes:
    """Write what is in force where nobody overrides the model; limits are round, and come again and again."""
    return orjson.dumps(InForce(limit_eur, "model", grade, "model", limit_eur, grade, ()).document())


def _open(value: object, within: str, shape: type) -> dict[str, Any]:
    """Return a value's fields, with a gap for each that a question changes."""
    names = (field.name for field in fields(shape))
    return {name: _gap(within + name) if within + name in _GAPS else getattr(value, name) for name in names}


def _gap(name: str) -> orjson.Fragment:
    return orjson.Fragment(EDGE + name.encode() + EDGE)
