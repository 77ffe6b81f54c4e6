"""Append-only tables: triggers refuse to change, replace or delete a row.

Owns the triggers; migrations choose the tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic import op

if TYPE_CHECKING:
    from collections.abc import Sequence


def keep(table: str, unique: Sequence[str], refusal: str) -> None:
    """Add triggers that refuse any change of a table's rows.

    Parameters
    ----------
    table
        The table, which exists.
    unique
        Columns of which each is unique by itself, the primary key first.
    refusal
        The error message of the database, without quotation marks.
    """
    if op.get_bind().dialect.name == "sqlite":
        _on_sqlite(table, unique, refusal)
    else:
        _on_postgresql(table, refusal)


def drop(table: str) -> None:
    """Drop an append-only table with its triggers."""
    op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute(f"DROP FUNCTION encours_keep_{table}()")


def _on_sqlite(table: str, unique: Sequence[str], refusal: str) -> None:
    # REPLACE deletes without firing a delete trigger, hence the one on insert.
    same = " OR ".join(f"{column} = NEW.{column}" for column in unique)
    taken = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608  # names of our own tables
    for name, event, when in (
        ("update", "UPDATE", ""),
        ("delete", "DELETE", ""),
        ("replace", "INSERT", taken),
    ):
        condition = f"WHEN {when}" if when else ""
        op.execute(
            f"CREATE TRIGGER {table}_no_{name} BEFORE {event} ON {table} {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
        )


def _on_postgresql(table: str, refusal: str) -> None:
    op.execute(
        f"CREATE FUNCTION encours_keep_{table}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{refusal}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for name, event, each in (
        ("rows", "UPDATE OR DELETE", "ROW"),
        ("truncate", "TRUNCATE", "STATEMENT"),
    ):
        op.execute(
            f"CREATE TRIGGER {table}_no_{name} BEFORE {event} ON {table} FOR EACH {each} "
            f"EXECUTE FUNCTION encours_keep_{table}()"
        )
