"""Opens the database: the engine, its settings by dialect, the migrations, and errors as ours.

Owns the connection; what is asked over it is `runs`', `scores`', `promotions`' and `keys`'.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from models.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine import URL

MIGRATIONS = Path(__file__).parent / "migrations"
ALONE_LOCK = 4_117_411
"""PostgreSQL's advisory lock under which processes queue up; any number of ours."""
WRITES = "encours_writes"
SQLITE_PRAGMAS = (
    "busy_timeout=30000",
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "foreign_keys=ON",
    "cache_size=-32000",  # kB, so that the log's indexes are not read again at each entry
    "wal_autocheckpoint=8000",  # pages, so that those written again and again are copied back once
    "temp_store=MEMORY",  # a statement of many rows keeps a journal, which is no use after a crash
)


def open_engine(url: str) -> Engine:
    """Make the engine of a database URL, creating an SQLite file's folder.

    Raises
    ------
    StoreError
        The URL cannot be read, its driver is not installed, or the folder cannot be made.
    """
    try:
        parsed = make_url(url)
        _make_folder(parsed)
        engine = create_engine(parsed, pool_pre_ping=parsed.get_backend_name() != "sqlite")
    except (SQLAlchemyError, ImportError, OSError, ValueError) as error:
        raise StoreError(
            f"the store's URL cannot be used: {error}; give ENCOURS_STORE_URL a value such as "
            "sqlite:///data/encours.db or postgresql+psycopg://user@host/encours"
        ) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _configure_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def migrate(engine: Engine) -> None:
    """Bring the tables to the newest version; nothing happens where they are.

    Raises
    ------
    StoreError
        The database is away, or newer than this program.
    """
    # Alembic costs a quarter of a second to import, and only this needs it.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    with transaction(engine, writes=True, alone=True) as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise StoreError(
                f"the store's tables cannot be updated: {error}; was it written by a newer Encours?"
            ) from error


@contextmanager
def transaction(engine: Engine, *, writes: bool = False, alone: bool = False) -> Iterator[Connection]:
    """Open one transaction, and turn the database's errors into ours.

    Parameters
    ----------
    writes
        Whether it will write; SQLite then takes the write lock at once, so that two writers queue up
        instead of failing half-way.
    alone
        Whether PostgreSQL too lets one such transaction in at a time: two nights that begin the same run
        then get the same one.

    Raises
    ------
    StoreError
        The database is away, or refuses a row.
    """
    try:
        with engine.connect() as connection:
            chosen = connection.execution_options(**{WRITES: writes})
            with chosen.begin():
                if alone and engine.dialect.name == "postgresql":
                    chosen.execute(select(func.pg_advisory_xact_lock(ALONE_LOCK)))
                yield chosen
    except IntegrityError as error:
        raise StoreError(f"the store refused a row: {error.orig}") from error
    except SQLAlchemyError as error:
        where = engine.url.render_as_string(hide_password=True)
        cause = getattr(error, "orig", None) or error
        raise StoreError(
            f"the store at {where} cannot be used: {cause}; check that it runs and ENCOURS_STORE_URL"
        ) from error


def copy_back(engine: Engine) -> None:
    """Copy what SQLite wrote ahead into its file, while others read and write; others need no asking.

    Whoever commits would otherwise do it once in a while, and keep everybody waiting for a tenth of a second.

    Raises
    ------
    StoreError
        The database is away.
    """
    if engine.dialect.name != "sqlite":
        return
    try:
        with closing(engine.raw_connection()) as connection:
            # Outside of any transaction, which SQLAlchemy's own connections would begin.
            connection.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)")
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise StoreError(f"the store's file cannot be written: {error}; check its disk") from error


def _make_folder(url: URL) -> None:
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)


def _configure_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401  # a DBAPI connection
    """Let SQLAlchemy begin transactions itself, and readers read while one writes."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in SQLITE_PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
