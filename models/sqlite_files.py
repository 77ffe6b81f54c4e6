"""SQLite databases as files: a consistent copy of one that others use, and whether others use it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from pathlib import Path


def copy_database(source: Path, target: Path) -> None:
    """Copy a database as of one moment, while others read and write it.

    Parameters
    ----------
    target
        Made anew as one file, readable by its owner only.

    Raises
    ------
    sqlite3.Error
        The source is no database, or the target cannot be written.
    """
    target.unlink(missing_ok=True)
    target.touch(mode=0o600)
    with closing(_opened(source)) as origin, closing(_opened(target)) as copy:
        origin.backup(copy)
        _leave_wal(copy)


def take_alone(database: Path) -> bool:
    """Merge a database's write-ahead log into its file; return False where another connection is open."""
    with closing(_opened(database)) as connection:
        try:
            _leave_wal(connection)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            return False
    return True


def _leave_wal(connection: sqlite3.Connection) -> None:
    """Switch to a journal that leaves one file; SQLite refuses it while another connection is open."""
    connection.execute("PRAGMA journal_mode=DELETE").fetchone()


def _opened(database: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(database))}?mode=rw", uri=True)
