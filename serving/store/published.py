"""Statements on the published results besides the scores: the portfolio, alerts, the worklist.

Owns the conversion between rows and columns. Reads refer to the published run.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, bindparam, case, delete, func, insert, select

from models.errors import StoreError
from serving.store import packing
from serving.store.packed_partition import SUMMARY
from serving.store.pagination import ListPage
from serving.store.published_rows import AlertRow, WorklistEntry, WorklistRow
from serving.store.reviews import assignee_of, reviewed_since
from serving.store.rows import summary_of
from serving.store.runs import current_run_id, get
from serving.store.schema import ALERTS, CUSTOMERS, PORTFOLIO, RUNS, WORKLIST
from serving.store.scores import summary_columns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import BindParameter, ColumnElement, Connection, RowMapping

    from serving.store.published_rows import WorklistSelection

_ALERT_COLUMNS = ("customer_id", "name", "severity", "cause", "open_eur")


def write(
    connection: Connection,
    run_id: int,
    portfolio: Mapping[str, Any],
    alerts: Sequence[AlertRow],
    worklist: Sequence[WorklistRow],
) -> None:
    """Write a run's results, replacing previous ones; alerts keep their order.

    Raises
    ------
    StoreError
        The run is complete, or there is none; or a document is not JSON.
    """
    if get(connection, run_id).complete:
        raise StoreError(f"run {run_id} is complete and takes no more findings; begin one with another key")
    for table in (PORTFOLIO, ALERTS, WORKLIST):
        connection.execute(delete(table).where(table.c.run_id == run_id))
    document = packing.pack(portfolio, f"the portfolio of run {run_id}")
    connection.execute(insert(PORTFOLIO).values(run_id=run_id, document=document))
    if alerts:
        rows = [_alert_columns(row, run_id, place) for place, row in enumerate(alerts, start=1)]
        connection.execute(insert(ALERTS), rows)
    if worklist:
        connection.execute(insert(WORKLIST), [_worklist_columns(row, run_id) for row in worklist])


def portfolio(connection: Connection, run_id: int | None = None) -> dict[str, Any] | None:
    """Return a run's portfolio, the published one's by default; None if it has none."""
    run = current_run_id() if run_id is None else run_id
    found = connection.scalar(select(PORTFOLIO.c.document).where(PORTFOLIO.c.run_id == run))
    return None if found is None else packing.unpack(found)


def alerts(
    connection: Connection,
    severity: str | None,
    cause: str | None,
    limit: int,
    offset: int,
    run_id: int | None = None,
    *,
    seen: bool | None = None,
) -> ListPage[AlertRow]:
    """Return a page of a run's alerts, the most urgent first; the published run's without `run_id`.

    Parameters
    ----------
    seen
        Whether the customer was reviewed since the run was published; either if None.
    """
    wanted = {"severity": severity, "cause": cause}
    where = [ALERTS.c[name] == value for name, value in wanted.items() if value is not None]
    if seen is not None:
        run = current_run_id() if run_id is None else run_id
        since = select(RUNS.c.published_at).where(RUNS.c.run_id == run).scalar_subquery()
        is_seen = ALERTS.c.customer_id.in_(reviewed_since(since))
        where.append(is_seen if seen else ~is_seen)
    rows, total = _stretch(connection, ALERTS, where, limit, offset, run_id)
    return ListPage(tuple(_alert(row) for row in rows), total, limit, offset)


def alert_of(connection: Connection, customer_id: str) -> AlertRow | None:
    """Return a customer's alert of the published run, None if there is none."""
    row = _one(connection, ALERTS, customer_id)
    return None if row is None else _alert(row)


def worklist(connection: Connection, tone: str | None, limit: int, offset: int) -> ListPage[WorklistRow]:
    """Return a page of the published run's worklist, the most euros to save first."""
    where = [] if tone is None else [WORKLIST.c.tone == tone]
    rows, total = _stretch(connection, WORKLIST, where, limit, offset)
    return ListPage(tuple(_worklist(row) for row in rows), total, limit, offset)


def chased(
    connection: Connection,
    selection: WorklistSelection,
    limit: int,
    offset: int,
    run_id: int | None = None,
) -> ListPage[WorklistEntry]:
    """Return a page of a run's worklist, each line with its customer's summary in the same run.

    Lines whose promise was broken come first, then the most euros to save.

    Parameters
    ----------
    run_id
        The published run where None.
    """
    run = current_run_id() if run_id is None else run_id
    where = [WORKLIST.c.run_id == run, *_selected(selection)]
    total = connection.scalar(select(func.count()).select_from(WORKLIST).where(*where)) or 0
    same = (CUSTOMERS.c.run_id == WORKLIST.c.run_id) & (CUSTOMERS.c.customer_id == WORKLIST.c.customer_id)
    query = (
        select(WORKLIST, *summary_columns("line_"))
        .join(CUSTOMERS, same)
        .where(*where)
        .order_by(case((_has_place(selection.broken), 0), else_=1), WORKLIST.c.place)
        .limit(limit)
        .offset(offset)
    )
    items = tuple(
        WorklistEntry(_worklist(row), summary_of({name: row[f"line_{name}"] for name in SUMMARY}))
        for row in connection.execute(query).mappings()
    )
    return ListPage(items, total, limit, offset)


def worklist_tones(connection: Connection, selection: WorklistSelection, run_id: int) -> dict[str, int]:
    """Count the lines of a run's worklist by their proposal."""
    where = [WORKLIST.c.run_id == run_id, *_selected(selection)]
    query = select(WORKLIST.c.tone, func.count().label("lines")).where(*where).group_by(WORKLIST.c.tone)
    return {row.tone: row.lines for row in connection.execute(query)}


def _selected(selection: WorklistSelection) -> list[ColumnElement[bool]]:
    parked = _has_place(selection.parked)
    found = [parked if selection.is_parked else ~parked]
    if selection.tones is not None:
        found.append(WORKLIST.c.tone.in_(selection.tones))
    if selection.assignee is not None:
        found.append(assignee_of(WORKLIST.c.customer_id) == selection.assignee)
    return found


def _has_place(places: frozenset[int]) -> ColumnElement[bool]:
    # Written out in the statement: a database takes some ten thousands of parameters only.
    wanted: BindParameter[Sequence[int]] = bindparam(
        None, sorted(places), expanding=True, literal_execute=True
    )
    return WORKLIST.c.place.in_(wanted)


def worklist_of(connection: Connection, customer_id: str) -> WorklistRow | None:
    """Return a customer's line of the published worklist, None if there is none."""
    row = _one(connection, WORKLIST, customer_id)
    return None if row is None else _worklist(row)


def _stretch(
    connection: Connection,
    table: Table,
    where: Sequence[ColumnElement[bool]],
    limit: int,
    offset: int,
    run_id: int | None = None,
) -> tuple[Sequence[RowMapping], int]:
    conditions = (table.c.run_id == (current_run_id() if run_id is None else run_id), *where)
    total = connection.scalar(select(func.count()).select_from(table).where(*conditions)) or 0
    query = select(table).where(*conditions).order_by(table.c.place).limit(limit).offset(offset)
    return connection.execute(query).mappings().all(), total


def _one(connection: Connection, table: Table, customer_id: str) -> RowMapping | None:
    query = select(table).where(table.c.run_id == current_run_id(), table.c.customer_id == customer_id)
    return connection.execute(query).mappings().one_or_none()


def _alert_columns(row: AlertRow, run_id: int, place: int) -> dict[str, Any]:
    body = asdict(row)
    columns = {name: body.pop(name) for name in _ALERT_COLUMNS}
    packed = packing.pack(body, f"the alert of customer {row.customer_id}")
    return {**columns, "run_id": run_id, "place": place, "body": packed}


def _alert(row: RowMapping) -> AlertRow:
    body = packing.unpack(row["body"])
    body["kinds"], body["events"] = tuple(body["kinds"]), tuple(body.get("events", ()))
    return AlertRow(**{name: row[name] for name in _ALERT_COLUMNS}, **body)


def _worklist_columns(row: WorklistRow, run_id: int) -> dict[str, Any]:
    body = packing.pack(row.line, f"the worklist's line of customer {row.customer_id}")
    columns = asdict(row)
    del columns["line"]
    return {**columns, "run_id": run_id, "body": body}


def _worklist(row: RowMapping) -> WorklistRow:
    return WorklistRow(
        place=row["place"],
        customer_id=row["customer_id"],
        name=row["name"],
        tone=row["tone"],
        at_risk_eur=row["at_risk_eur"],
        overdue_eur=row["overdue_eur"],
        line=packing.unpack(row["body"]),
    )
