"""Removal of what past runs no longer need, and the size of the store.

A past run keeps its key, its portfolio, its invoices and its customers' figures, from which pages show a
customer's history and the night its migration. Its documents (states, answers, dossiers), alerts, worklist
and settled messages are removed: nothing reads them but the comparison with the next night. The audit log
refers to states, schemas and policies of its own, which are append-only and are never removed here.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, func, select
from sqlalchemy.exc import SQLAlchemyError

from models.errors import StoreError
from serving.store import history, outbox, runs
from serving.store.database import Database
from serving.store.engine import transaction
from serving.store.schema import ALERTS, DOCUMENTS, METADATA, PARTITIONS, RUNS, WORKLIST

if TYPE_CHECKING:
    from sqlalchemy import Connection

_REMOVED = (DOCUMENTS, ALERTS, WORKLIST, PARTITIONS)
"""Without partitions, a run is known to be pruned: the same night again computes it anew."""
_FREE_SHARE = 0.1
"""Share of free pages from which an SQLite file is rewritten."""


@dataclass(frozen=True, slots=True)
class PrunedRuns:
    """What was removed, or would be.

    Parameters
    ----------
    thinned
        Runs that lost their documents, alerts and worklist.
    documents
        Documents removed, one per customer and run.
    abandoned
        Unfinished runs of before the published one, removed as a whole.
    """

    thinned: int
    documents: int
    abandoned: int


class PrunedStore(Database):
    """Remove what past runs no longer need."""

    def size_bytes(self) -> int:
        """Return the size of the store on disk: of SQLite's files, or of PostgreSQL's tables with indexes."""
        if self._engine.dialect.name == "sqlite":
            path = Path(str(self._engine.url.database))
            files = (path, path.with_name(f"{path.name}-wal"))
            return sum(one.stat().st_size for one in files if one.exists())
        with transaction(self._engine) as connection:
            sizes = (func.pg_total_relation_size(name) for name in METADATA.tables)
            return sum(connection.scalar(select(size)) or 0 for size in sizes)

    def prunable(self, keep: int) -> PrunedRuns:
        """Return what `prune` would remove, which changes nothing."""
        with transaction(self._engine) as connection:
            old, abandoned = _old_runs(connection, keep), _abandoned(connection)
            query = select(func.count()).select_from(DOCUMENTS).where(DOCUMENTS.c.run_id.in_(old))
            return PrunedRuns(len(old), connection.scalar(query) or 0, len(abandoned))

    def prune(self, keep: int) -> PrunedRuns:
        """Remove the documents of old runs, and unfinished runs; needs the lock of `one_night`.

        Each run is one transaction: a killed removal is continued by the next one.

        Parameters
        ----------
        keep
            Complete runs that stay whole, the latest days first, at least 1. The published run and the one
            that it is compared with stay whole too.
        """
        with transaction(self._engine) as connection:
            old, abandoned = _old_runs(connection, keep), _abandoned(connection)
        documents = 0
        for run_id in old:
            with transaction(self._engine, writes=True) as connection:
                counts = [
                    connection.execute(delete(table).where(table.c.run_id == run_id)).rowcount
                    for table in _REMOVED
                ]
                outbox.remove_of(connection, run_id)
                documents += counts[0]
        with transaction(self._engine, writes=True, alone=True) as connection:
            connection.execute(delete(RUNS).where(RUNS.c.run_id.in_(abandoned)))
        return PrunedRuns(len(old), documents, len(abandoned))

    def release_space(self) -> None:
        """Return the space of removed rows to the disk; PostgreSQL keeps it for later rows.

        SQLite rewrites its file only where a tenth of it is free; meanwhile it needs the file's size again.

        Raises
        ------
        StoreError
            The database is unavailable, or its disk is full.
        """
        if self._engine.dialect.name != "sqlite":
            return
        try:
            with closing(self._engine.raw_connection()) as connection:
                # Outside of any transaction, which SQLAlchemy's own connections would begin.
                cursor = connection.cursor()
                free, total = (
                    cursor.execute(f"PRAGMA {name}").fetchone()[0]
                    for name in ("freelist_count", "page_count")
                )
                if free > total * _FREE_SHARE:
                    cursor.execute("VACUUM")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise StoreError(f"the store's space cannot be released: {error}; do it again later") from error


def _old_runs(connection: Connection, keep: int) -> list[int]:
    """Return complete runs beyond those kept that have rows to remove."""
    published = runs.current(connection)
    if published is None:
        return []
    latest = (
        select(RUNS.c.run_id)
        .where(RUNS.c.published_at.is_not(None))
        .order_by(RUNS.c.as_of.desc(), RUNS.c.run_id.desc())
        .limit(keep)
    )
    kept = {*connection.scalars(latest), published.run_id}
    before = history.run_before(connection, published.key.as_of)
    if before is not None:
        kept.add(before.run_id)
    whole = exists().where(PARTITIONS.c.run_id == RUNS.c.run_id)
    query = select(RUNS.c.run_id).where(RUNS.c.published_at.is_not(None), RUNS.c.run_id.not_in(kept), whole)
    return list(connection.scalars(query.order_by(RUNS.c.run_id)))


def _abandoned(connection: Connection) -> list[int]:
    """Return unfinished runs that were begun before the published one."""
    query = select(RUNS.c.run_id).where(RUNS.c.published_at.is_(None), RUNS.c.run_id < runs.current_run_id())
    return list(connection.scalars(query))
