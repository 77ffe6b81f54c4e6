"""Answer a case: accept it, amend it, or refuse it.

Owns the rules of an answer: the level of who answers, four eyes, a second approver above the policy's amount,
and the bounds of an override for a limit. An approved limit sets the override in the same transaction.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from models.errors import CaseAnsweredError, CaseRefusedError
from models.policy.approval import approvals_needed, approver_of, reaches
from models.policy.overrides import approved_limit_faults, own_of, reason_faults, validity_faults
from serving.audit.entries import entry_of
from serving.store import CaseEvent, Override
from serving.usecases.case_facts import ORDER_TERMS, exposure_after, measured_eur
from serving.usecases.cases import ACTION, CaseDesk
from serving.usecases.subjects import find_customer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from models.policy.document import Policy
    from serving.callers import Caller
    from serving.store import ApprovalCase
    from serving.usecases.services import CreditServices

CaseOutcome = Literal["accept", "amend", "refuse"]


@dataclass(frozen=True, slots=True)
class CaseAnswer:
    """An answer to a case.

    Parameters
    ----------
    terms
        What an amendment changes of the question, by name; `valid_until` also of an acceptance. Days as
        dates in ISO form.
    """

    outcome: CaseOutcome
    reason: str
    terms: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AnswerCase:
    """Answer a case in the name of somebody whose level suffices.

    Parameters
    ----------
    services
        The store, the assessor in use and the day.
    changed
        Called when a limit in force has changed.
    """

    services: CreditServices
    changed: Callable[[], None]

    def __call__(self, case_id: int, answer: CaseAnswer, caller: Caller) -> ApprovalCase:
        """Keep the answer, its entry in the audit log and the limit that it sets, all or none.

        Where two persons must approve, the first approval leaves the case waiting for the second, who may
        accept or refuse, and not amend.

        Raises
        ------
        UnknownCaseError
            There is none that the caller may see.
        CaseAnsweredError
            Somebody answered it already, or a moment before.
        CaseRefusedError
            The policy does not allow it; every fault is named, `caller` where this person may not.
        """
        desk, policy = CaseDesk(self.services), self.services.assessors.get().policy
        case, level = desk.find(case_id, caller), desk.level(caller) or ""
        if case.closed is not None:
            raise CaseAnsweredError(case_id, case.closed.who, case.closed.kind)
        terms = {} if answer.outcome == "refuse" else _terms(case, answer)
        measured = measured_eur(case, terms or case.question, policy)
        needed = approver_of(measured, policy).role
        _check_person(case, caller, level, needed, policy)
        override = None
        if terms:
            override = self._checked(case, answer, terms, caller, level, policy)
        else:
            _raise(reason_faults(answer.reason, policy.overrides))
        is_first = bool(terms) and approvals_needed(measured, policy) > 1 and case.endorsed is None
        kind = "endorsed" if is_first else _kind(case, terms)
        event = CaseEvent(case_id, kind, caller.name, answer.reason, level, terms)  # type: ignore[arg-type]  # a kind
        return self._kept(event, None if is_first else override, case, caller)

    def _checked(
        self,
        case: ApprovalCase,
        answer: CaseAnswer,
        terms: Mapping[str, Any],
        caller: Caller,
        level: str,
        policy: Policy,
    ) -> Override | None:
        """Check what is approved, and return the override that an approved limit is."""
        today, rules = self.services.today(), policy.overrides
        until = dt.date.fromisoformat(terms["valid_until"])
        if case.kind == "order":
            _raise([*reason_faults(answer.reason, rules), *validity_faults(until, today, rules)])
            return None
        customer_id = case.customer_id or ""
        own = find_customer(self.services.store(), customer_id).row.assessment
        value, reason = float(terms["limit_eur"]), answer.reason
        _raise(approved_limit_faults(value, reason, until, level, own, today, policy))
        return Override(customer_id, "limit", value, reason, caller.name, until, own_of(own))

    def _kept(
        self, event: CaseEvent, override: Override | None, case: ApprovalCase, caller: Caller
    ) -> ApprovalCase:
        question = {
            "case_id": event.case_id,
            "event": event.kind,
            "reason": event.reason,
            "terms": dict(event.terms) or None,
            "level": event.level,
        }
        entry = entry_of(caller, ACTION, question, {"rests_on": case.answer_id}, case.customer_id)
        kept = self.services.store().add_case_event(replace(event, entry_id=entry.answer_id), entry, override)
        if override is not None:
            self.changed()
        return kept


def _terms(case: ApprovalCase, answer: CaseAnswer) -> dict[str, Any]:
    """Return what is approved: what was asked, or approved once, with what the answer changes."""
    known = {"limit_eur", "valid_until"} if case.kind == "limit" else {*ORDER_TERMS, "valid_until"}
    if case.endorsed is not None:
        if answer.outcome == "amend" or answer.terms:
            who = case.endorsed.who
            raise CaseRefusedError(
                [("outcome", f"is no choice here: {who} approved; accept that, or refuse")]
            )
        return dict(case.endorsed.terms)
    if strange := sorted(answer.terms.keys() - known):
        raise CaseRefusedError([(name, f"is no term of a case about a {case.kind}") for name in strange])
    if answer.outcome == "accept" and answer.terms.keys() - {"valid_until"}:
        raise CaseRefusedError([("outcome", "is accept; to change the terms, amend")])
    terms = {**case.question, **answer.terms}
    return terms if case.kind == "limit" else {**terms, "exposure_after_eur": exposure_after(case, terms)}


def _kind(case: ApprovalCase, terms: Mapping[str, Any]) -> str:
    if not terms:
        return "refused"
    asked = {name: value for name, value in case.question.items() if name != "valid_until"}
    return "accepted" if all(terms[name] == value for name, value in asked.items()) else "amended"


def _check_person(case: ApprovalCase, caller: Caller, level: str, needed: str, policy: Policy) -> None:
    if caller.name == case.who and not policy.approval.asker_may_approve:
        raise CaseRefusedError([("caller", f"is {caller.name}, who asked; another person must answer")])
    if case.endorsed is not None and case.endorsed.who == caller.name:
        raise CaseRefusedError([("caller", f"is {caller.name}, who approved; a second person must answer")])
    if not reaches(level or None, needed):
        raise CaseRefusedError([("caller", f"has the level {level or 'of nobody'}; this needs {needed}")])


def _raise(faults: Any) -> None:  # noqa: ANN401  # faults of a policy, in any sequence
    if faults:
        raise CaseRefusedError([(one.field, one.message) for one in faults])
