"""Store methods on cases: open one, answer it, read them.

Owns transactions; the statements are in `cases`. What answers a case is written with its entry in the audit
log, its seals and the override that it sets, all or none.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from models.errors import CaseAnsweredError, UnknownCaseError
from serving.store import audit, cases, overrides
from serving.store import seals as sealing
from serving.store.database import Database
from serving.store.engine import transaction

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from serving.store.case_rows import ApprovalCase, CaseEvent, CaseFilter
    from serving.store.pagination import ListPage
    from serving.store.record_rows import AuditEntry, Override

LONGEST_CASES = 500


class ApprovalStore(Database):
    """Store cases and their events; neither is ever changed or deleted."""

    def open_case(self, case: ApprovalCase, entry: AuditEntry) -> ApprovalCase:
        """Add a case, with its entry in the audit log."""
        logged = [audit.prepare(entry)]
        with transaction(self._engine, writes=True) as connection:
            audit.record(connection, logged, self._audit_keys)
            case_id = cases.add(connection, case, self._clock())
            sealing.seal_rows(connection, "case", [case_id], self._audit_keys)
            return _get(connection, case_id)

    def add_case_event(
        self, event: CaseEvent, entry: AuditEntry | None = None, override: Override | None = None
    ) -> ApprovalCase:
        """Add an event to a case, with its entry in the audit log and the override that it sets.

        Raises
        ------
        UnknownCaseError
            There is no such case.
        CaseAnsweredError
            It was answered, or approved once, in the meantime: nothing is written.
        """
        logged = [] if entry is None else [audit.prepare(entry)]
        # Alone: of two answers at once, the second sees the first.
        with transaction(self._engine, writes=True, alone=True) as connection:
            _check_open(_get(connection, event.case_id), event)
            audit.record(connection, logged, self._audit_keys)
            if override is not None:
                made = overrides.add(connection, override, self._clock())
                sealing.seal_rows(connection, "override", [made.override_id], self._audit_keys)
                event = replace(event, override_id=made.override_id)
            event_id = cases.add_event(connection, event, self._clock())
            sealing.seal_rows(connection, "case_event", [event_id], self._audit_keys)
            return _get(connection, event.case_id)

    def case(self, case_id: int) -> ApprovalCase | None:
        """Return a case with its events, None if there is none."""
        with transaction(self._engine) as connection:
            return cases.find(connection, case_id)

    def cases(self, wanted: CaseFilter, limit: int = 50, offset: int = 0) -> ListPage[ApprovalCase]:
        """Return a page of cases, the newest first; at most `LONGEST_CASES`."""
        with transaction(self._engine) as connection:
            return cases.page(connection, wanted, max(min(limit, LONGEST_CASES), 1), max(offset, 0))

    def count_cases(self, wanted: CaseFilter) -> int:
        """Return the number of cases."""
        with transaction(self._engine) as connection:
            return cases.count(connection, wanted)

    def cases_version(self) -> tuple[int, int]:
        """Return what changes whenever a case is opened or something is done to one."""
        with transaction(self._engine) as connection:
            return cases.version(connection)

    def count_unread_cases(self, who: str) -> int:
        """Return how many of a person's cases have something new."""
        with transaction(self._engine) as connection:
            return cases.count_unread(connection, who)

    def approved_orders(self, customer_id: str | None, siren: str | None) -> tuple[ApprovalCase, ...]:
        """Return the cases of approved orders of a customer, or of a prospect's SIREN, the newest first."""
        if customer_id is None and siren is None:
            return ()
        with transaction(self._engine) as connection:
            return cases.approved_orders(connection, customer_id, siren)


def _get(connection: Connection, case_id: int) -> ApprovalCase:
    found = cases.find(connection, case_id)
    if found is None:
        raise UnknownCaseError(f"there is no case {case_id}")
    return found


def _check_open(case: ApprovalCase, event: CaseEvent) -> None:
    """Refuse an answer to a case that was answered, and a first approval of one that has it."""
    before = case.closed if event.closes else case.closed or case.endorsed
    if (event.closes or event.kind == "endorsed") and before is not None:
        raise CaseAnsweredError(case.case_id, before.who, before.kind)
