"""A copy of a database is whole while another process writes it, and a used one is not taken."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from models.sqlite_files import copy_database, take_alone


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "a b#?%.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE pairs (a, b)")
        connection.executemany("INSERT INTO pairs VALUES (?, ?)", [(n, n) for n in range(1000)])
    return path


def rows(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM pairs WHERE a = b").fetchone()[0])


def test_a_copy_has_what_was_committed_and_nothing_else(database: Path, tmp_path: Path):
    copy = tmp_path / "copy.db"
    copy.write_text("of before")
    with closing(sqlite3.connect(database)) as writer:
        writer.execute("INSERT INTO pairs VALUES (1, 2)")
        copy_database(database, copy)
        writer.rollback()
    assert rows(copy) == 1000
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.glob("copy.db*")] == ["copy.db"]


def test_what_is_no_database_is_an_error_and_is_not_made(tmp_path: Path):
    with pytest.raises(sqlite3.OperationalError):
        copy_database(tmp_path / "none.db", tmp_path / "copy.db")
    assert not (tmp_path / "none.db").exists()


def test_a_database_that_somebody_has_open_is_not_taken(database: Path):
    with closing(sqlite3.connect(database)) as reader:
        assert reader.execute("SELECT count(*) FROM pairs").fetchone() == (1000,)
        assert not take_alone(database)
    assert take_alone(database)
    assert not database.with_name(f"{database.name}-wal").exists()
