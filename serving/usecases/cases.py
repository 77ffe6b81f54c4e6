"""Send orders and limits to the credit department, read what was sent, comment and take it back.

Owns who sees a case: whoever asked, and whoever approves more than a salesperson. Answers are
`serving.usecases.case_answers`'.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from models.errors import CaseAnsweredError, CaseRefusedError, UnknownAnswerError, UnknownCaseError
from models.policy.approval import approvals_needed, approver_of, level_of, reaches
from models.policy.overrides import effective, largest_limit, recommended_eur, stopped_by, validity_faults
from models.policy.sections.approval import APPROVERS
from serving.audit.entries import entry_of
from serving.store import PENDING, ApprovalCase, CaseEvent, CaseFilter
from serving.usecases.case_facts import DECISION, limit_facts, measured_eur, order_facts, order_question
from serving.usecases.subjects import find_customer, published_run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.policy.document import Policy
    from serving.callers import Caller
    from serving.store import AuditEntry, ListPage
    from serving.usecases.services import CreditServices

ACTION = "case"
"""What the audit log calls everything that is done to a case."""
MOST_COUNTED = 1_000
"""Callers whose waiting cases are remembered."""
LOWEST_INBOX = "sales_manager"
"""The lowest level that sees the cases of others."""


def level_of_caller(caller: Caller, today: dt.date, policy: Policy) -> str | None:
    """Return the role of `APPROVERS` whose level a caller has; the policy names no program."""
    return level_of(caller.acts_as, None if caller.via == "key" else caller.name, today, policy)


@dataclass(frozen=True, slots=True)
class OpenCase:
    """Send a question to the credit department.

    Parameters
    ----------
    services
        The store, the assessor in use and the day.
    """

    services: CreditServices

    def order(self, answer_id: str, reason: str, caller: Caller) -> ApprovalCase:
        """Send an order that was not accepted, by the answer of the audit log that decided on it.

        Raises
        ------
        UnknownAnswerError
            There is none, or it is somebody else's.
        CaseRefusedError
            It is no decision, needs no approval, or is not valid any more.
        """
        store = self.services.store()
        entry = store.audit_entry(answer_id)
        if entry is None or (entry.who != caller.name and not caller.may("read_audit")):
            raise UnknownAnswerError(f"there is no answer {answer_id}")
        self._check_decision(entry)
        party = entry.answer["assessment"]["party"]
        stored = None if entry.customer_id is None else store.customer(entry.customer_id)
        facts = order_facts(entry, None if stored is None else stored.row)
        until = self.services.today() + dt.timedelta(days=self._policy().decision.valid_days)
        question, who = order_question(entry, until), entry.customer_id
        case = _a_case(who, party, caller, answer_id, question, facts, reason)
        return self._opened(case, caller, {"answer_id": answer_id, "reason": reason})

    def limit(
        self, customer_id: str, limit_eur: float, valid_until: dt.date | None, reason: str, caller: Caller
    ) -> ApprovalCase:
        """Ask for another limit of a customer.

        Parameters
        ----------
        valid_until
            The last day on which it shall be in force; as long as a limit of the grade without one.

        Raises
        ------
        NotPublishedError
            No run is published yet.
        UnknownCustomerError
            The portfolio does not hold the customer.
        CaseRefusedError
            A stop holds, or the policy allows no such limit to anybody.
        """
        store, policy, today = self.services.store(), self._policy(), self.services.today()
        published_run(store)
        row = find_customer(store, customer_id).row
        counts = effective(row.assessment, store.overrides(customer_id), today, policy)
        until = valid_until or _usual_end(counts.grade, today, policy)
        _check_limit(limit_eur, until, row.assessment, today, policy)
        question = {"limit_eur": limit_eur, "valid_until": until.isoformat()}
        facts = limit_facts(row, counts, policy)
        case = _a_case(customer_id, row.party, caller, "", question, facts, reason)
        return self._opened(case, caller, {"customer_id": customer_id, **question, "reason": reason})

    def _check_decision(self, entry: AuditEntry) -> None:
        if entry.action != DECISION or not entry.sound:
            raise CaseRefusedError([("answer_id", "is no decision on an order; decide on the order first")])
        if entry.answer["outcome"] == "accept":
            raise CaseRefusedError([("answer_id", "is an acceptance; nobody has to approve the order")])
        # Counted from the answer: the night that it rests on may be older.
        last = entry.at.date() + dt.timedelta(days=self._policy().decision.valid_days)
        if last < self.services.today():
            raise CaseRefusedError([("answer_id", "is not valid any more; decide on the order again")])

    def _opened(self, case: ApprovalCase, caller: Caller, question: Mapping[str, Any]) -> ApprovalCase:
        policy = self._policy()
        amount_eur = measured_eur(case, case.question, policy)
        case = replace(
            case,
            approver=approver_of(amount_eur, policy).role,
            approvals=approvals_needed(amount_eur, policy),
        )
        entry = entry_of(caller, ACTION, {"event": "opened", **question}, case.facts, case.customer_id)
        return self.services.store().open_case(
            replace(case, answer_id=case.answer_id or entry.answer_id), entry
        )

    def _policy(self) -> Policy:
        return self.services.assessors.get().policy


@dataclass(frozen=True, slots=True)
class CaseDesk:
    """Read the cases that a caller may see, comment them, and take one's own back.

    Parameters
    ----------
    services
        As of `OpenCase`.
    """

    services: CreditServices

    def level(self, caller: Caller) -> str | None:
        """Return the role of `APPROVERS` whose level the caller has today; None without one."""
        return level_of_caller(caller, self.services.today(), self.services.assessors.get().policy)

    def sees_all(self, caller: Caller) -> bool:
        """Tell whether the caller sees the cases of others."""
        return reaches(self.level(caller), LOWEST_INBOX)

    def page(self, wanted: CaseFilter, caller: Caller, limit: int, offset: int) -> ListPage[ApprovalCase]:
        """Return cases, the newest first; their own to who does not see all."""
        seen = wanted if self.sees_all(caller) else replace(wanted, who=caller.name)
        return self.services.store().cases(seen, limit, offset)

    def inbox(self, caller: Caller) -> CaseFilter | None:
        """Return which cases wait for the caller; None for who answers none."""
        level = self.level(caller)
        if not reaches(level, LOWEST_INBOX):
            return None
        levels = tuple(role for role in APPROVERS if reaches(level, role))
        rules = self.services.assessors.get().policy.approval
        not_by = None if rules.asker_may_approve else caller.name
        return CaseFilter(states=PENDING, levels=levels, not_by=not_by)

    def find(self, case_id: int, caller: Caller) -> ApprovalCase:
        """Return a case.

        Raises
        ------
        UnknownCaseError
            There is none that the caller may see.
        """
        found = self.services.store().case(case_id)
        if found is None or not (found.who == caller.name or self.sees_all(caller)):
            raise UnknownCaseError(f"there is no case {case_id}")
        return found

    def read(self, case_id: int, caller: Caller) -> ApprovalCase:
        """Return a case as `find`, and take the mark off that its asker has something new to read."""
        found = self.find(case_id, caller)
        if found.who != caller.name or not found.unread:
            return found
        return self.services.store().add_case_event(CaseEvent(case_id, "read", caller.name))

    def comment(self, case_id: int, reason: str, caller: Caller) -> ApprovalCase:
        """Add a comment, also to a case that is answered.

        Raises
        ------
        UnknownCaseError
            There is none that the caller may see.
        """
        return self._add(
            CaseEvent(self.find(case_id, caller).case_id, "commented", caller.name, reason), caller
        )

    def withdraw(self, case_id: int, reason: str, caller: Caller) -> ApprovalCase:
        """Take a case back; only who asked may.

        Raises
        ------
        UnknownCaseError
            There is none that the caller may see.
        CaseRefusedError
            Somebody else asked.
        CaseAnsweredError
            It was answered already.
        """
        found = self.find(case_id, caller)
        if found.who != caller.name:
            raise CaseRefusedError([("caller", f"is {caller.name}; {found.who} asked, and may take it back")])
        if found.closed is not None:
            raise CaseAnsweredError(case_id, found.closed.who, found.closed.kind)
        return self._add(CaseEvent(case_id, "withdrawn", caller.name, reason), caller)

    def _add(self, event: CaseEvent, caller: Caller) -> ApprovalCase:
        question = {"case_id": event.case_id, "event": event.kind, "reason": event.reason}
        entry = entry_of(caller, ACTION, question, {})
        return self.services.store().add_case_event(replace(event, entry_id=entry.answer_id), entry)


@dataclass(frozen=True, slots=True)
class WaitingCases:
    """Count the cases that wait for a caller, for every page: counted again when something was done to one.

    Parameters
    ----------
    desk
        Says which cases wait for whom.
    """

    desk: CaseDesk
    _counts: dict[tuple[str, str | None], tuple[tuple[int, int], int]] = field(default_factory=dict)

    def __call__(self, caller: Caller) -> int:
        """Return how many cases the caller may answer, and how many of their own have something new."""
        store = self.desk.services.store()
        key, version = (caller.name, self.desk.level(caller)), store.cases_version()
        known = self._counts.get(key)
        if known is not None and known[0] == version:
            return known[1]
        inbox = self.desk.inbox(caller)
        found = store.count_unread_cases(caller.name) + (0 if inbox is None else store.count_cases(inbox))
        if len(self._counts) > MOST_COUNTED:
            self._counts.clear()
        self._counts[key] = (version, found)
        return found


def _a_case(
    customer_id: str | None,
    party: Mapping[str, Any],
    caller: Caller,
    answer_id: str,
    question: Mapping[str, Any],
    facts: Mapping[str, Any],
    reason: str,
) -> ApprovalCase:
    is_limit = "limit_eur" in question
    return ApprovalCase(
        kind="limit" if is_limit else "order",
        customer_id=customer_id,
        siren=party.get("siren"),
        name=party.get("name") or customer_id or party.get("siren") or "",
        who=caller.name,
        answer_id=answer_id,
        approver="",
        approvals=1,
        amount_eur=question["limit_eur" if is_limit else "amount_eur"],
        question=question,
        facts=facts,
        reason=reason,
    )


def _usual_end(grade: str, today: dt.date, policy: Policy) -> dt.date:
    return today + dt.timedelta(days=min(policy.limit.validity_days[grade], policy.overrides.longest_days))


def _check_limit(
    limit_eur: float, until: dt.date, own: Mapping[str, Any], today: dt.date, policy: Policy
) -> None:
    """Refuse what nobody could approve."""
    faults = [(one.field, one.message) for one in validity_faults(until, today, policy.overrides)]
    most = largest_limit(recommended_eur(own, policy), policy.overrides)
    if limit_eur > most:
        faults.append(("limit_eur", f"is {limit_eur:,.2f} EUR; the policy allows at most {most:,.2f}"))
    faults += [("customer_id", f"has no credit: {one['label_en']}") for one in stopped_by(own)]
    if faults:
        raise CaseRefusedError(faults)
