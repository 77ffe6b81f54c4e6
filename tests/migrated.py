"""Makes the tables of each empty SQLite store from those that the migrations made once.

A run of all migrations costs a tenth of a second, and hundreds of tests open a store of their own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import pytest
from sqlalchemy import Connection, create_engine, inspect

from serving.store import backups, engine

upgrade_by_migrations = engine.upgrade


@cache
def _statements() -> tuple[str, ...]:
    """Return what makes the tables of a store that the migrations made, and their rows."""
    memory = create_engine("sqlite://")
    with memory.connect() as connection:
        upgrade_by_migrations(connection)
        dump = connection.connection.driver_connection.iterdump()  # type: ignore[union-attr]
        made = tuple(one for one in dump if one not in {"BEGIN TRANSACTION;", "COMMIT;"})
    memory.dispose()
    return made


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name != "sqlite" or inspect(connection).get_table_names():
        upgrade_by_migrations(connection)
        return
    for one in _statements():
        connection.exec_driver_sql(one)


@contextmanager
def tables_made_once() -> Iterator[None]:
    """Open empty SQLite stores of this process without running the migrations again."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (engine, backups):
            patch.setattr(module, "upgrade", _upgrade)
        yield
