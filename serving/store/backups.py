"""Backup of the whole store as one SQLite file, and its restoration into SQLite or PostgreSQL.

A backup of SQLite is its online copy; one of PostgreSQL has the same tables, filled from one snapshot. Either
is restored into either database, and without the databases' own client programs. Restoration fills a draft of
the present schema first and replaces the target at its end: by a rename, or in one transaction.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, func, insert, inspect, select, text
from sqlalchemy.engine import make_url

from models.errors import StoreError
from models.sqlite_files import copy_database, take_alone
from serving.store.database import Database
from serving.store.engine import migrate, migration, open_engine, revision_of, transaction, upgrade
from serving.store.runs import in_utc
from serving.store.schema import METADATA

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

ROWS_AT_ONCE = 1000
_PATIENCE_S, _LOOK_AGAIN_S = 3.0, 0.1
_VERSION_TABLE = "alembic_version"


class BackupStore(Database):
    """Back the store up while others read and write it."""

    def revision(self) -> str:
        """Return the revision of the store's tables, such as `0009`."""
        with transaction(self._engine) as connection:
            return revision_of(connection)

    def back_up(self, path: Path) -> None:
        """Write the store as of one moment to an SQLite file, readable by its owner only.

        Raises
        ------
        StoreError
            The store is unavailable, or the file cannot be written.
        """
        with _file_errors(path):
            if self._engine.dialect.name == "sqlite":
                copy_database(Path(str(self._engine.url.database)), path)
                return
            with _file_engine(path) as target:
                migrate(target)
                with _snapshot(self._engine) as source, transaction(target, writes=True) as connection:
                    _copy_rows(source, connection)
            take_alone(path)


def is_empty(url: str) -> bool:
    """Return whether a database has no row of the store; it may not exist yet.

    Raises
    ------
    StoreError
        It is unavailable.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and not Path(str(parsed.database)).exists():
        return True
    with closing_engine(open_engine(url)) as engine, transaction(engine) as connection:
        there = set(inspect(connection).get_table_names())
        return not any(
            connection.execute(select(table).limit(1)).first()
            for table in METADATA.sorted_tables
            if table.name in there
        )


def restore_store(path: Path, url: str) -> None:
    """Replace a store by a backup, upgraded to the present schema.

    Parameters
    ----------
    path
        A file of `BackupStore.back_up`, which is not changed.

    Raises
    ------
    StoreError
        The backup is of a newer program, or the database is unavailable or in use.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        _restore_file(path, Path(str(parsed.database)))
        return
    with TemporaryDirectory(prefix="encours-restore-") as folder:
        draft = Path(folder) / "store.db"
        _draft(path, draft)
        with (
            _file_engine(draft) as source,
            closing_engine(open_engine(url)) as target,
            transaction(source) as rows,
            migration(target) as connection,
        ):
            _require_unused(connection)
            _drop_tables(connection)
            upgrade(connection)
            _copy_rows(rows, connection)
            _set_sequences(connection)


def _restore_file(path: Path, target: Path) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.restored")
    _draft(path, draft)
    with _file_errors(target):
        if target.exists() and not _is_free(target):
            raise StoreError(f"the store {target} is in use; stop the server and the night, then restore")
        draft.replace(target)
        for suffix in ("-wal", "-shm"):  # of a target that was no database
            target.with_name(target.name + suffix).unlink(missing_ok=True)


def _is_free(target: Path) -> bool:
    with suppress(sqlite3.DatabaseError):
        return take_alone(target)
    return True  # a file that is no database has no connections


def _draft(path: Path, draft: Path) -> None:
    """Copy a backup and upgrade the copy to the present schema."""
    with _file_errors(draft):
        copy_database(path, draft)
        with _file_engine(draft) as engine:
            migrate(engine)
        take_alone(draft)


@contextmanager
def closing_engine(engine: Engine) -> Iterator[Engine]:
    """Close an engine's connections at the end of the block."""
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _file_engine(path: Path) -> Iterator[Engine]:
    with closing_engine(open_engine(f"sqlite:///{path}")) as engine:
        yield engine


@contextmanager
def _file_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"the store's file {path} cannot be written: {error}; check its disk") from error


@contextmanager
def _snapshot(engine: Engine) -> Iterator[Connection]:
    """Open a transaction in which all tables are seen as of its first statement."""
    with transaction(engine, isolation="REPEATABLE READ") as connection:
        yield connection


def _copy_rows(source: Connection, target: Connection) -> None:
    """Copy every row, tables that are referred to first; moments are in UTC on both sides."""
    for table in METADATA.sorted_tables:
        ordered = select(table).order_by(*table.primary_key.columns)
        found = source.execution_options(yield_per=ROWS_AT_ONCE).execute(ordered)
        for rows in found.mappings().partitions():
            target.execute(insert(table), [{name: _value(row[name]) for name in row} for row in rows])


def _value(value: Any) -> Any:  # noqa: ANN401  # of any column
    return in_utc(value) if isinstance(value, dt.datetime) else value


def _require_unused(connection: Connection) -> None:
    """Check that nobody else is connected to PostgreSQL's database; a session that ends is waited for."""
    query = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    until = time.monotonic() + _PATIENCE_S
    while connection.scalar(query):
        if time.monotonic() >= until:
            where = connection.engine.url.render_as_string()
            raise StoreError(f"the store {where} is in use; stop the server and the night, then restore")
        time.sleep(_LOOK_AGAIN_S)
        connection.scalar(select(func.pg_stat_clear_snapshot()))


def _drop_tables(connection: Connection) -> None:
    """Drop the store's tables with their triggers; other tables of the database stay."""
    METADATA.drop_all(connection)
    connection.execute(text(f"DROP TABLE IF EXISTS {_VERSION_TABLE}"))
    for table in METADATA.tables:
        connection.execute(text(f"DROP FUNCTION IF EXISTS encours_keep_{table}()"))


def _set_sequences(connection: Connection) -> None:
    """Continue generated keys behind the highest one."""
    for table in METADATA.sorted_tables:
        (key, *others) = table.primary_key.columns
        if others or not isinstance(key.type, Integer):
            continue
        sequence = connection.scalar(select(func.pg_get_serial_sequence(table.name, key.name)))
        highest = connection.scalar(select(func.max(key)))
        if sequence is not None and highest is not None:
            connection.execute(select(func.setval(sequence, highest)))
