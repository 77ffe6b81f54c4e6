"""Statements on runs: begin, write a partition, publish, prune.

Owns the representation of a run in the tables. Every function works in its connection's transaction.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, update

from models.errors import StoreError
from serving.store.packing import from_json, to_json, unpack
from serving.store.rows import Run, RunKey
from serving.store.schema import CUSTOMERS, PARTITIONS, POINTERS, RUN_KEY, RUNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Column, Connection, ScalarSelect, Select

    from serving.store.packed_partition import PackedPartition

CURRENT = "current"


def current_run_id() -> ScalarSelect[int]:
    """Return the subquery of the published run."""
    return select(POINTERS.c.run_id).where(POINTERS.c.name == CURRENT).scalar_subquery()


def begin(connection: Connection, key: RunKey, now: dt.datetime) -> Run:
    """Return the run of `key`, creating it if missing or pruned."""
    known = _find(
        connection, _with_pointer().where(*(RUNS.c[name] == getattr(key, name) for name in RUN_KEY))
    )
    if known is not None:
        if not known.complete or partitions(connection, known.run_id):
            return known
        connection.execute(delete(RUNS).where(RUNS.c.run_id == known.run_id))
    made = insert(RUNS).values(**asdict(key), started_at=now).returning(RUNS.c.run_id)
    return get(connection, connection.execute(made).scalar_one())


def get(connection: Connection, run_id: int) -> Run:
    """Return a run by its id.

    Raises
    ------
    StoreError
        There is none.
    """
    run = _find(connection, _with_pointer().where(RUNS.c.run_id == run_id))
    if run is None:
        raise StoreError(f"no run {run_id}; it was never begun, or is pruned")
    return run


def current(connection: Connection) -> Run | None:
    """Return the published run, None before the first publication."""
    return _find(connection, _with_pointer().where(RUNS.c.run_id == current_run_id()))


def partitions(connection: Connection, run_id: int) -> set[int]:
    """Return the partitions written so far."""
    return set(connection.scalars(select(PARTITIONS.c.partition).where(PARTITIONS.c.run_id == run_id)))


def partition_findings(connection: Connection, run_id: int, partition: int) -> dict[str, Any] | None:
    """Return the findings of a partition, None if it has none."""
    where = (PARTITIONS.c.run_id == run_id, PARTITIONS.c.partition == partition)
    found = connection.scalar(select(PARTITIONS.c.findings).where(*where))
    return None if found is None else unpack(found)


def clear_partition(
    connection: Connection, run_id: int, partition: int, packed: PackedPartition, now: dt.datetime
) -> None:
    """Clear a partition and mark it as written, with its findings; its rows follow in the same transaction.

    Raises
    ------
    StoreError
        The run is complete, or there is none.
    """
    if get(connection, run_id).complete:
        raise StoreError(f"run {run_id} is complete and takes no more partitions; begin one with another key")
    for table in (CUSTOMERS, PARTITIONS):
        connection.execute(delete(table).where(table.c.run_id == run_id, table.c.partition == partition))
    written = {"run_id": run_id, "partition": partition, "written_at": now}
    kept = {"findings": packed.findings, "payment_weeks": packed.payment_weeks}
    connection.execute(insert(PARTITIONS).values(written | kept))


def publish(connection: Connection, run_id: int, context: Mapping[str, Any], now: dt.datetime) -> Run:
    """Publish a run; the context of a complete run is unchanged.

    Raises
    ------
    StoreError
        The run holds no partition, or there is none.
    """
    run = get(connection, run_id)
    if run.published:
        return run
    if not partitions(connection, run_id):
        raise StoreError(f"run {run_id} holds no partition; write one before publishing")
    if not run.complete:
        text = to_json(context, f"the context of run {run_id}")
        connection.execute(update(RUNS).where(RUNS.c.run_id == run_id).values(published_at=now, context=text))
        # The portfolio, the alerts and the worklist hold them now.
        connection.execute(update(PARTITIONS).where(PARTITIONS.c.run_id == run_id).values(findings=None))
    connection.execute(delete(POINTERS).where(POINTERS.c.name == CURRENT))
    connection.execute(insert(POINTERS).values(name=CURRENT, run_id=run_id))
    return get(connection, run_id)


def prune(connection: Connection, keep: int, also: Run | None = None) -> None:
    """Delete all but the last `keep` runs, the published one and another one."""
    last = select(RUNS.c.run_id).order_by(RUNS.c.run_id.desc()).limit(keep)
    kept = {*connection.scalars(last), *connection.scalars(select(POINTERS.c.run_id))}
    kept |= set() if also is None else {also.run_id}
    connection.execute(delete(RUNS).where(RUNS.c.run_id.not_in(kept)))


def newest_without(connection: Connection, days: Column[Any]) -> dict[dt.date, int]:
    """Return the newest complete run of each day that a table has no row of, by its column of days."""
    query = (
        select(RUNS.c.as_of, func.max(RUNS.c.run_id))
        .where(RUNS.c.published_at.is_not(None), RUNS.c.as_of.not_in(select(days)))
        .group_by(RUNS.c.as_of)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def _with_pointer() -> Select[Any]:
    joined = RUNS.outerjoin(POINTERS, (POINTERS.c.run_id == RUNS.c.run_id) & (POINTERS.c.name == CURRENT))
    return select(*RUNS.c, POINTERS.c.name.label("pointer")).select_from(joined)


def _find(connection: Connection, query: Select[Any]) -> Run | None:
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        return None
    return Run(
        run_id=row["run_id"],
        key=RunKey(**{name: row[name] for name in RUN_KEY}),
        started_at=in_utc(row["started_at"]),
        published_at=None if row["published_at"] is None else in_utc(row["published_at"]),
        complete=row["published_at"] is not None,
        published=row["pointer"] is not None,
        context=None if row["context"] is None else from_json(row["context"]),
    )


def in_utc(moment: dt.datetime) -> dt.datetime:
    """Mark a moment as UTC if the database dropped the time zone."""
    return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)
