"""A known customer's answer as the JSON text that goes out, and as the audit log keeps it.

Owns the quick way to the text that `serving.answering` makes of documents: what hangs on the customer alone
is written once, at its first answer (`Form`), and only the gaps between are written for each question.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import orjson

from models.assessment import Assessment, CreditCase, CreditLimit, CreditRequest, LimitTerm, Probability
from models.errors import CreditError
from models.policy.override_rules import InForce, effective
from models.reasons import plain
from serving.store.audit import WrittenEntry

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from models.policy.policy import Policy
    from serving.security import Caller
    from serving.shapes.questions import AssessmentIn
    from serving.store import Override

_ASKED_TERMS = ("need", "legal_entity", "value", "insurance")
"""The terms of the limit that hang on the question."""
_GAPS = (
    *("request.amount_eur", "request.terms_days", "request.yearly_forecast_eur"),
    *("late.value", "late.low", "late.high", "late.confidence", "late.margin", "late.reasons"),
    *("days_late_p10", "days_late_p50", "days_late_p90", "payer_grade", "limit.limit_eur", "limit.binding"),
    *(f"{term}.{name}" for term in _ASKED_TERMS for name in ("value_eur", "inputs")),
    *("case.yearly_sales_forecast_eur", "case.terms_days", "case.expected_days_late"),
    *("case.peak_exposure_eur", "case.p_late30"),
    *("recommended_terms_days", "deposit_share", "means_of_payment", "answer_id", "in_force"),
)
"""What a question changes in an answer, in the order in which it stands there."""
_EDGE = b"\0"
"""Stands around a gap's name while a form is made; JSON text never holds it."""
_REASONS, _IN_FORCE = _GAPS.index("late.reasons"), _GAPS.index("in_force")
_INPUTS = tuple(_GAPS.index(f"{term}.inputs") for term in _ASKED_TERMS)
_LATER = None
"""In place of what is no plain value, and is written beside."""


@dataclass(frozen=True, slots=True, eq=False)
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
        found = orjson.dumps(told, default=plain).split(_EDGE)
        if tuple(name.decode() for name in found[1::2]) != _GAPS:
            raise CreditError("an answer's figures do not stand where they are written; report this")
        return cls(tuple(found[::2]), tuple(terms[name] for name in _ASKED_TERMS))

    def fill(self, answer: Assessment, answer_id: str, in_force: bytes) -> bytes:
        """Write an answer to another question about the same customer."""
        request, late, limit, case = answer.request, answer.p_late30, answer.limit, answer.case
        asked = [limit.terms[place] for place in self.terms]
        plain_values = (
            *(request.amount_eur, request.terms_days, request.yearly_forecast_eur),
            *(late.value, late.low, late.high, late.confidence, late.margin, _LATER),
            *(answer.days_late_p10, answer.days_late_p50, answer.days_late_p90, answer.payer_grade),
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
        for place, term in zip(_INPUTS, asked, strict=True):
            values[place] = orjson.dumps(term.inputs)
        written: list[bytes] = [b""] * (2 * len(_GAPS) + 1)
        written[::2], written[1::2] = self.parts, values
        return b"".join(written)


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """An answer as it goes out: JSON text, with the id under which it stands in the log."""

    answer_id: str
    body: bytes


def write(
    answer: Assessment,
    answer_id: str,
    form: Form,
    overrides: tuple[Override, ...],
    today: dt.date,
    policy: Policy,
) -> Written:
    """Write an answer with its id and what is in force, as `serving.answering` answers."""
    in_force = orjson.dumps(_in_force(answer, overrides, today, policy))
    return Written(answer_id, form.fill(answer, answer_id, in_force))


def entry_of(
    question: AssessmentIn,
    caller: Caller,
    answer: Assessment,
    written: Written,
    state: Mapping[str, Any],
    now: dt.datetime,
    *,
    is_kept: bool,
) -> WrittenEntry:
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
    return WrittenEntry(about, asked, written.body, state["state_hash"], None if is_kept else state)


def _in_force(
    answer: Assessment, overrides: tuple[Override, ...], today: dt.date, policy: Policy
) -> dict[str, Any]:
    if overrides:
        return effective(answer.document(), overrides, today, policy).document()
    own_eur, grade = float(answer.limit.limit_eur), answer.grade
    return InForce(own_eur, "model", grade, "model", own_eur, grade, ()).document()


def _open(value: object, within: str, shape: type) -> dict[str, Any]:
    """Return a value's fields, with a gap for each that a question changes."""
    names = (field.name for field in fields(shape))
    return {name: _gap(within + name) if within + name in _GAPS else getattr(value, name) for name in names}


def _gap(name: str) -> orjson.Fragment:
    return orjson.Fragment(_EDGE + name.encode() + _EDGE)
