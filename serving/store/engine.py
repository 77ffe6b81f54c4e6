"""Database engine: its settings by dialect, transactions, locks, migrations, and error translation.

Owns the connection; the statements are in `runs`, `scores`, `promotions` and `keys`.
"""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event, func, inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from models.errors import LockHeldError, StoreError
from models.ledger.file_lock import locked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from alembic.config import Config
    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine import URL

MIGRATIONS = Path(__file__).parent / "migrations"
NEWEST = "0024"
"""The newest of the migrations; a test compares the two."""
ALONE_LOCK = 4_117_411
"""PostgreSQL's advisory lock that serialises processes; the number is arbitrary."""
NIGHT_LOCK = 4_117_413
"""PostgreSQL's advisory lock of the nightly run; the number is arbitrary."""
_LOOK_AGAIN_S = 0.1
NIGHT_S = 4 * 3600.0
"""Maximum wait of a nightly run for another one."""
WRITES = "encours_writes"
SQLITE_PRAGMAS = (
    "busy_timeout=30000",
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "foreign_keys=ON",
    "cache_size=-32000",  # kB, so that the log's indexes are not read again at each entry
    "wal_autocheckpoint=8000",  # pages, so that those written again and again are copied back once
    "temp_store=MEMORY",  # a multi-row statement writes a journal, which is useless after a crash
)


def open_engine(url: str) -> Engine:
    """Create the engine of a database URL; an SQLite file is readable by its owner only.

    Raises
    ------
    StoreError
        The URL cannot be read, its driver is not installed, or the folder cannot be made.
    """
    try:
        parsed = _with_driver(make_url(url))
        _make_private_file(parsed)
        engine = create_engine(parsed, pool_pre_ping=parsed.get_backend_name() != "sqlite")
    except ModuleNotFoundError as error:
        raise StoreError(
            f"the store's URL needs the driver {error.name}, which is not installed; PostgreSQL's comes with "
            "the extra postgres: `uv sync --locked --extra postgres`, with postgresql://user@host/encours"
        ) from error
    except (SQLAlchemyError, ImportError, OSError, ValueError) as error:
        raise StoreError(
            f"the store's URL cannot be used: {error}; give ENCOURS_STORE_URL a value such as "
            "sqlite:///data/encours.db or postgresql+psycopg://user@host/encours"
        ) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _configure_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _with_driver(url: URL) -> URL:
    """Name the driver that the extra `postgres` brings, where a URL of PostgreSQL names none."""
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


def migrate(engine: Engine) -> None:
    """Upgrade the tables to the newest version; idempotent.

    Raises
    ------
    StoreError
        The database is away, or newer than this program.
    """
    if _version(engine) == NEWEST:
        return
    with migration(engine) as connection:
        upgrade(connection)


def upgrade(connection: Connection) -> None:
    """Upgrade the tables to the newest version, in a transaction of `migration`.

    Raises
    ------
    StoreError
        The tables are of a newer program.
    """
    # Alembic costs a quarter of a second to import, and only migrations need it.
    from alembic import command  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    try:
        command.upgrade(_configuration(connection), "head")
    except CommandError as error:
        raise StoreError(
            f"the store's tables cannot be updated: {error}; was it written by a newer Encours?"
        ) from error


def revision_of(connection: Connection) -> str:
    """Return the revision of a database's tables, such as `0009`; empty without tables."""
    from alembic.migration import MigrationContext  # noqa: PLC0415

    return MigrationContext.configure(connection).get_current_revision() or ""


def is_known_revision(revision: str) -> bool:
    """Return whether this program has the migration to a revision."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    return revision in {one.revision for one in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}


def _configuration(connection: Connection) -> Config:
    from alembic.config import Config  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def _version(engine: Engine) -> str | None:
    """Return the last migration of the tables, None without any."""
    with transaction(engine) as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found


@contextmanager
def transaction(
    engine: Engine, *, writes: bool = False, alone: bool = False, isolation: str | None = None
) -> Iterator[Connection]:
    """Open one transaction, and translate database errors into `StoreError`.

    Parameters
    ----------
    writes
        Whether it will write; SQLite then takes the write lock at once, so that two writers queue instead of
        failing half-way.
    alone
        Whether PostgreSQL too admits one such transaction at a time: two processes that begin the same run
        then get the same one.
    isolation
        PostgreSQL's isolation level, such as `REPEATABLE READ`; the default one without it.

    Raises
    ------
    StoreError
        The database is away, or refuses a row.
    """
    with _store_errors(engine), engine.connect() as connection:
        options = {} if isolation is None else {"isolation_level": isolation}
        chosen = connection.execution_options(**{WRITES: writes}, **options)
        with chosen.begin():
            if alone and engine.dialect.name == "postgresql":
                chosen.execute(select(func.pg_advisory_xact_lock(ALONE_LOCK)))
            yield chosen


@contextmanager
def migration(engine: Engine) -> Iterator[Connection]:
    """Open a transaction like `transaction`, in which SQLite allows a table to be rebuilt.

    With foreign keys enforced, to drop the old table would delete the rows that refer to it. SQLite stops
    enforcing them outside of a transaction only; here the references are checked before the end instead.

    Raises
    ------
    StoreError
        The database is unavailable, or a row violates a foreign key.
    """
    if engine.dialect.name != "sqlite":
        with transaction(engine, writes=True, alone=True) as connection:
            yield connection
        return
    with _store_errors(engine), engine.connect() as opened:
        raw: Any = opened.connection.driver_connection
        raw.execute("PRAGMA foreign_keys=OFF")
        try:
            connection, changes = opened.execution_options(**{WRITES: True}), raw.total_changes
            with connection.begin():
                yield connection
                # Run at every start: without a change, the tables need no check.
                is_changed = raw.total_changes > changes
                if is_changed and (lost := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
                    raise StoreError(
                        f"the store's tables cannot be updated: {len(lost)} rows would refer to what is "
                        "gone; nothing was changed"
                    )
        finally:
            raw.execute("PRAGMA foreign_keys=ON")


@contextmanager
def _store_errors(engine: Engine) -> Iterator[None]:
    """Translate database errors into `StoreError`."""
    try:
        yield
    except IntegrityError as error:
        raise StoreError(f"the store refused a row: {error.orig}") from error
    except SQLAlchemyError as error:
        where = engine.url.render_as_string(hide_password=True)
        cause = getattr(error, "orig", None) or error
        raise StoreError(
            f"the store at {where} cannot be used: {cause}; check that it runs and ENCOURS_STORE_URL"
        ) from error


@contextmanager
def one_night(engine: Engine, waits: Callable[[str], None], patience_s: float = NIGHT_S) -> Iterator[None]:
    """Hold the lock that allows one nightly run per store at a time; released when its process ends.

    Parameters
    ----------
    waits
        Called once with who scores now, where this has to wait.
    patience_s
        Maximum wait in seconds.

    Raises
    ------
    LockHeldError
        Another night takes too long.
    StoreError
        The store is away.
    """
    if engine.dialect.name == "sqlite":
        database = engine.url.database
        if not database or database == ":memory:":
            yield
            return
        # Not the database's own file: SQLite's locks on it end when any descriptor of it is closed.
        with locked(Path(f"{database}.night"), waits=waits, patience_s=patience_s):
            yield
        return
    # Outside of a transaction: one of hours would keep the database from cleaning up.
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        _wait_for_night(connection, waits, patience_s)
        try:
            yield
        finally:
            connection.execute(select(func.pg_advisory_unlock(NIGHT_LOCK)))


def _wait_for_night(connection: Connection, waits: Callable[[str], None], patience_s: float) -> None:
    """Take PostgreSQL's advisory lock on the connection."""
    until, is_told = time.monotonic() + patience_s, False
    while not connection.scalar(select(func.pg_try_advisory_lock(NIGHT_LOCK))):
        if not is_told:
            waits("another night")
            is_told = True
        if time.monotonic() >= until:
            raise LockHeldError(
                f"another night has been scoring for {patience_s:.0f} s; nothing was changed: wait until "
                "it is done, or end it, and do this again"
            )
        time.sleep(_LOOK_AGAIN_S)


def copy_back(engine: Engine) -> None:
    """Checkpoint SQLite's write-ahead log while others read and write; other databases need none.

    Otherwise a commit does it occasionally, and blocks the other writers for a tenth of a second.

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


def _make_private_file(url: URL) -> None:
    """Create an SQLite file and its folder if missing, readable by the owner only.

    SQLite gives the files next to it, which hold the latest writes, the same mode.
    """
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:" or url.query:
        return
    path = Path(url.database)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):  # never opened: closing it would release SQLite's locks of this process
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    for one in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        # Another user's file is left alone: the database decides whether we may use it.
        with suppress(FileNotFoundError, PermissionError):
            one.chmod(0o600)


def _configure_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401  # a DBAPI connection
    """Let SQLAlchemy begin transactions itself, and allow reads during a write."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in SQLITE_PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
