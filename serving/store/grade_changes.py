"""Statements on the grades that customers had night after night, which outlive their runs.

Owns their tables: of each day those of the run that was published last for it. A customer has a row only
where its state differs from the night's before, so a day that is published again changes two nights: its own
and the one after it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import case, delete, func, insert, literal, or_, select, update

from models.policy.credit_case import CreditCase
from models.policy.grades import GRADES
from models.portfolio.default_rates import GradeLevel, GradeNight
from models.portfolio.grade_paths import DEFAULT, WITHDRAWN, GradeChange, StillCustomers
from serving.store import packing, runs
from serving.store.grade_changes_schema import GRADE_CHANGES, GRADE_NIGHTS
from serving.store.schema import CUSTOMERS, DOCUMENTS

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy import ColumnElement, Connection, Date, Select, Subquery

    from serving.store.rows import Run

_STATE = case((CUSTOMERS.c.in_default, DEFAULT), else_=CUSTOMERS.c.grade)
_PER_UPDATE = 500


def keep(connection: Connection, run: Run) -> None:
    """Keep the grades of a published run, and of complete runs of days that have none yet."""
    newest = runs.newest_without(connection, GRADE_NIGHTS.c.as_of)
    for day, run_id in sorted({**newest, run.key.as_of: run.run_id}.items()):
        _keep(connection, day, run_id)


def paths(connection: Connection, until: dt.date) -> tuple[list[StillCustomers], list[GradeChange]]:
    """Return all states up to a day: customers that never changed, counted together, and the others' changes.

    The changes are sorted by customer and day.
    """
    known = GRADE_CHANGES.c.as_of <= until
    same = (
        select(func.min(GRADE_CHANGES.c.as_of).label("as_of"), func.min(GRADE_CHANGES.c.state).label("state"))
        .where(known)
        .group_by(GRADE_CHANGES.c.customer_id)
        .having(func.count() == 1)
        .subquery()
    )
    counted = select(same.c.as_of, same.c.state, func.count()).group_by(same.c.as_of, same.c.state)
    moved = (
        select(GRADE_CHANGES.c.customer_id)
        .where(known)
        .group_by(GRADE_CHANGES.c.customer_id)
        .having(func.count() > 1)
    )
    changes = (
        select(GRADE_CHANGES.c.customer_id, GRADE_CHANGES.c.as_of, GRADE_CHANGES.c.state)
        .where(known, GRADE_CHANGES.c.customer_id.in_(moved))
        .order_by(GRADE_CHANGES.c.customer_id, GRADE_CHANGES.c.as_of)
    )
    still = connection.execute(counted.order_by(same.c.as_of, same.c.state))
    return [StillCustomers(*row) for row in still], [GradeChange(*row) for row in connection.execute(changes)]


def nights(connection: Connection, until: dt.date) -> list[GradeNight]:
    """Return the nights up to a day, the oldest first."""
    query = select(GRADE_NIGHTS).where(GRADE_NIGHTS.c.as_of <= until).order_by(GRADE_NIGHTS.c.as_of)
    return [
        GradeNight(
            row.as_of,
            row.default_model,
            row.policy_hash,
            {state: GradeLevel(**level) for state, level in packing.unpack(row.grades).items()},
        )
        for row in connection.execute(query)
    ]


def _keep(connection: Connection, day: dt.date, run_id: int) -> None:
    """Replace the changes of a day; nothing where an earlier version left too little to know defaults by."""
    _complete_defaults(connection, run_id)
    unknown = select(func.count()).where(CUSTOMERS.c.run_id == run_id, CUSTOMERS.c.in_default.is_(None))
    if connection.scalar(unknown):
        return
    after = connection.scalar(select(func.min(GRADE_NIGHTS.c.as_of)).where(GRADE_NIGHTS.c.as_of > day))
    if after is not None:
        _spell_out(connection, after)
    connection.execute(delete(GRADE_CHANGES).where(GRADE_CHANGES.c.as_of == day))
    _insert_changes(connection, day, run_id)
    if after is not None:
        _withdraw_others(connection, after)
        _remove_repeated(connection, after)
    _write_night(connection, day, run_id)


def _insert_changes(connection: Connection, day: dt.date, run_id: int) -> None:
    before = _states(GRADE_CHANGES.c.as_of < day)
    changed = (
        select(CUSTOMERS.c.customer_id, _date(day), _STATE)
        .outerjoin(before, before.c.customer_id == CUSTOMERS.c.customer_id)
        .where(CUSTOMERS.c.run_id == run_id, or_(before.c.state.is_(None), before.c.state != _STATE))
    )
    here = (CUSTOMERS.c.run_id == run_id) & (CUSTOMERS.c.customer_id == before.c.customer_id)
    gone = (
        select(before.c.customer_id, _date(day), literal(WITHDRAWN))
        .outerjoin(CUSTOMERS, here)
        .where(before.c.state != WITHDRAWN, CUSTOMERS.c.customer_id.is_(None))
    )
    for query in (changed, gone):
        _insert(connection, query)


def _spell_out(connection: Connection, day: dt.date) -> None:
    """Write the state of every customer that is known on a day, which only has changes."""
    known = _states(GRADE_CHANGES.c.as_of <= day)
    _insert(connection, _missing(known, day, known.c.state))


def _withdraw_others(connection: Connection, day: dt.date) -> None:
    """Withdraw on a day that is spelled out the customers that only an earlier night knows."""
    known = _states(GRADE_CHANGES.c.as_of <= day)
    _insert(connection, _missing(known, day, literal(WITHDRAWN)))


def _missing(known: Subquery, day: dt.date, state: ColumnElement[Any]) -> Select[Any]:
    has_one = GRADE_CHANGES.alias("has_one")
    same = (has_one.c.customer_id == known.c.customer_id) & (has_one.c.as_of == day)
    rows = select(known.c.customer_id, _date(day), state).outerjoin(has_one, same)
    return rows.where(has_one.c.customer_id.is_(None))


def _insert(connection: Connection, query: Select[Any]) -> None:
    connection.execute(insert(GRADE_CHANGES).from_select(GRADE_CHANGES.c.keys(), query))


def _remove_repeated(connection: Connection, day: dt.date) -> None:
    """Remove the rows of a day that repeat the state before it; an unknown customer was withdrawn."""
    earlier = GRADE_CHANGES.alias("earlier")
    last = (
        select(earlier.c.state)
        .where(earlier.c.customer_id == GRADE_CHANGES.c.customer_id, earlier.c.as_of < day)
        .order_by(earlier.c.as_of.desc())
        .limit(1)
        .scalar_subquery()
    )
    repeated = GRADE_CHANGES.c.state == func.coalesce(last, WITHDRAWN)
    connection.execute(delete(GRADE_CHANGES).where(GRADE_CHANGES.c.as_of == day, repeated))


def _states(known: ColumnElement[bool]) -> Subquery:
    """Return the last state of every customer among some changes."""
    last = (
        select(GRADE_CHANGES.c.customer_id, func.max(GRADE_CHANGES.c.as_of).label("as_of"))
        .where(known)
        .group_by(GRADE_CHANGES.c.customer_id)
        .subquery()
    )
    one = GRADE_CHANGES.alias("one")
    same = (one.c.customer_id == last.c.customer_id) & (one.c.as_of == last.c.as_of)
    return select(one.c.customer_id, one.c.state).join(last, same).subquery()


def _write_night(connection: Connection, day: dt.date, run_id: int) -> None:
    query = (
        select(_STATE, func.count(), func.avg(CUSTOMERS.c.pd_12m))
        .where(CUSTOMERS.c.run_id == run_id)
        .group_by(_STATE)
    )
    levels = {state: {"customers": n, "pd_12m": mean} for state, n, mean in connection.execute(query)}
    key = runs.get(connection, run_id).key
    connection.execute(delete(GRADE_NIGHTS).where(GRADE_NIGHTS.c.as_of == day))
    row = {"as_of": day, "default_model": key.default_model, "policy_hash": key.policy_hash}
    grades = packing.pack(levels, f"the grades of run {run_id}")
    connection.execute(insert(GRADE_NIGHTS).values(**row, grades=grades))


def _complete_defaults(connection: Connection, run_id: int) -> None:
    """Read from the stored answers who was in default in a run of an earlier version.

    Only the worst grade can be: `models.policy.bands.customer_grade`. Answers that were pruned leave it
    unknown.
    """
    of_run = CUSTOMERS.c.run_id == run_id
    unknown = CUSTOMERS.c.in_default.is_(None)
    better = or_(CUSTOMERS.c.grade != GRADES[-1], CUSTOMERS.c.proceeding.is_not(None))
    known = CUSTOMERS.c.proceeding.is_not(None)
    connection.execute(update(CUSTOMERS).where(of_run, unknown, better).values(in_default=known))
    same = (DOCUMENTS.c.run_id == CUSTOMERS.c.run_id) & (DOCUMENTS.c.customer_id == CUSTOMERS.c.customer_id)
    query = select(CUSTOMERS.c.customer_id, DOCUMENTS.c.assessment).join(DOCUMENTS, same)
    stored = connection.execute(query.where(of_run, unknown)).all()
    sure = {True: list[str](), False: list[str]()}
    for customer_id, packed in stored:
        case_document = packing.unpack(packed).get("case")
        if case_document is not None:
            sure[CreditCase.from_document(case_document).is_defaulted].append(customer_id)
    for in_default, ids in sure.items():
        for first in range(0, len(ids), _PER_UPDATE):
            some = CUSTOMERS.c.customer_id.in_(ids[first : first + _PER_UPDATE])
            connection.execute(update(CUSTOMERS).where(of_run, some).values(in_default=in_default))


def _date(day: dt.date) -> ColumnElement[Any]:
    kind: Date = GRADE_CHANGES.c.as_of.type  # type: ignore[assignment]  # as the table declares it
    return literal(day, kind)
