"""Statements on cases: open, add an event, read.

Owns the representation of a case: one row, and its events in an append-only table. A case has at most one
event of those that close it and one that endorses it, which two unique columns hold. Who may do what is
`serving.usecases.cases`'.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, func, insert, not_, or_, select

from serving.store.case_rows import CLOSING, ApprovalCase, CaseEvent
from serving.store.case_schema import CASE_EVENTS, CASES
from serving.store.packing import from_json, to_json
from serving.store.pagination import ListPage
from serving.store.runs import in_utc

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from sqlalchemy import Connection, RowMapping

    from serving.store.case_rows import CaseFilter


def add(connection: Connection, case: ApprovalCase, now: dt.datetime) -> int:
    """Add a case and return its number."""
    made = insert(CASES).values(
        kind=case.kind,
        customer_id=case.customer_id,
        siren=case.siren,
        name=case.name,
        who=case.who,
        at=now,
        reason=case.reason,
        answer_id=case.answer_id,
        approver=case.approver,
        approvals=case.approvals,
        amount_eur=case.amount_eur,
        question=to_json(case.question, "what a case asks"),
        facts=to_json(case.facts, "what a case rests on"),
    )
    case_id: int = connection.scalars(made.returning(CASES.c.case_id)).one()
    return case_id


def add_event(connection: Connection, event: CaseEvent, now: dt.datetime) -> int:
    """Add an event to its case and return the event's number."""
    made = insert(CASE_EVENTS).values(
        case_id=event.case_id,
        closes=event.case_id if event.closes else None,
        endorses=event.case_id if event.kind == "endorsed" else None,
        kind=event.kind,
        who=event.who,
        level=event.level,
        at=now,
        reason=event.reason,
        terms=to_json(event.terms, "what is approved"),
        override_id=event.override_id,
        entry_id=event.entry_id,
    )
    event_id: int = connection.scalars(made.returning(CASE_EVENTS.c.event_id)).one()
    return event_id


def find(connection: Connection, case_id: int) -> ApprovalCase | None:
    """Return a case with its events, None if there is none."""
    found = _read(connection, select(CASES).where(CASES.c.case_id == case_id))
    return found[0] if found else None


def page(connection: Connection, wanted: CaseFilter, limit: int, offset: int) -> ListPage[ApprovalCase]:
    """Return cases, the newest first."""
    query = select(CASES).where(*_conditions(wanted))
    total = connection.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = _read(connection, query.order_by(CASES.c.case_id.desc()).limit(limit).offset(offset))
    return ListPage(rows, total, limit, offset)


def count(connection: Connection, wanted: CaseFilter) -> int:
    """Return the number of cases."""
    return connection.scalar(select(func.count()).select_from(CASES).where(*_conditions(wanted))) or 0


def version(connection: Connection) -> tuple[int, int]:
    """Return the numbers of the newest case and of the newest event, 0 where there is none."""
    newest = select(
        select(func.max(CASES.c.case_id)).scalar_subquery(),
        select(func.max(CASE_EVENTS.c.event_id)).scalar_subquery(),
    )
    case_id, event_id = connection.execute(newest).one()
    return case_id or 0, event_id or 0


def count_unread(connection: Connection, who: str) -> int:
    """Return how many of a person's cases have something new."""
    last = (
        select(CASE_EVENTS.c.case_id, func.max(CASE_EVENTS.c.event_id).label("event_id"))
        .join(CASES, CASES.c.case_id == CASE_EVENTS.c.case_id)
        .where(CASES.c.who == who)
        .group_by(CASE_EVENTS.c.case_id)
        .subquery()
    )
    query = (
        select(func.count())
        .select_from(CASE_EVENTS)
        .join(last, last.c.event_id == CASE_EVENTS.c.event_id)
        .where(CASE_EVENTS.c.who != who)
    )
    return connection.scalar(query) or 0


def approved_orders(
    connection: Connection, customer_id: str | None, siren: str | None
) -> tuple[ApprovalCase, ...]:
    """Return the cases of a customer's, or else a SIREN's, orders that were approved, the newest first."""
    whose = CASES.c.customer_id == customer_id if customer_id is not None else CASES.c.siren == siren
    approved = select(CASE_EVENTS.c.closes).where(CASE_EVENTS.c.kind.in_(("accepted", "amended")))
    query = select(CASES).where(CASES.c.kind == "order", whose, CASES.c.case_id.in_(approved))
    return _read(connection, query.order_by(CASES.c.case_id.desc()))


def _conditions(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    made: list[ColumnElement[bool]] = []
    if wanted.states is not None:
        made.append(or_(*(_in_state(state) for state in wanted.states)))
    for column, value in (
        (CASES.c.kind, wanted.kind),
        (CASES.c.customer_id, wanted.customer_id),
        (CASES.c.who, wanted.who),
    ):
        if value is not None:
            made.append(column == value)
    if wanted.levels is not None:
        made.append(CASES.c.approver.in_(wanted.levels))
    if wanted.not_by is not None:
        made += [CASES.c.who != wanted.not_by, not_(_has("endorsed", who=wanted.not_by))]
    return made


def _in_state(state: str) -> ColumnElement[bool]:
    if state == "open":
        return not_(_has("endorsed", *CLOSING))
    if state == "endorsed":
        return and_(_has("endorsed"), not_(_has(*CLOSING)))
    return _has(state)


def _has(*kinds: str, who: str | None = None) -> ColumnElement[bool]:
    """Return whether a case has an event of one of some kinds."""
    theirs = [] if who is None else [CASE_EVENTS.c.who == who]
    of_case = CASE_EVENTS.c.case_id == CASES.c.case_id
    return select(CASE_EVENTS.c.event_id).where(of_case, CASE_EVENTS.c.kind.in_(kinds), *theirs).exists()


def _read(connection: Connection, query: Any) -> tuple[ApprovalCase, ...]:  # noqa: ANN401  # a select of cases
    rows = connection.execute(query).mappings().all()
    events = _events(connection, [row["case_id"] for row in rows])
    return tuple(_case(row, events.get(row["case_id"], [])) for row in rows)


def _events(connection: Connection, case_ids: Sequence[int]) -> dict[int, list[CaseEvent]]:
    query = select(CASE_EVENTS).where(CASE_EVENTS.c.case_id.in_(case_ids)).order_by(CASE_EVENTS.c.event_id)
    found: dict[int, list[CaseEvent]] = {}
    for row in connection.execute(query).mappings():
        found.setdefault(row["case_id"], []).append(
            CaseEvent(
                case_id=row["case_id"],
                kind=row["kind"],
                who=row["who"],
                reason=row["reason"],
                level=row["level"],
                terms=from_json(row["terms"]),
                entry_id=row["entry_id"],
                override_id=row["override_id"],
                event_id=row["event_id"],
                at=in_utc(row["at"]),
            )
        )
    return found


def _case(row: RowMapping, events: Sequence[CaseEvent]) -> ApprovalCase:
    return ApprovalCase(
        kind=row["kind"],
        customer_id=row["customer_id"],
        siren=row["siren"],
        name=row["name"],
        who=row["who"],
        answer_id=row["answer_id"],
        approver=row["approver"],
        approvals=row["approvals"],
        amount_eur=row["amount_eur"],
        question=from_json(row["question"]),
        facts=from_json(row["facts"]),
        reason=row["reason"],
        case_id=row["case_id"],
        opened_at=in_utc(row["at"]),
        events=tuple(events),
    )
