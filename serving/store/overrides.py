"""Statements on overrides: set, withdraw, read the history.

Owns the representation of an override in the append-only table: a withdrawal is a row that references the
override. The policy decides what may be overridden.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from models.errors import StoreError
from serving.store.packing import from_json, to_json
from serving.store.record_rows import Override
from serving.store.runs import in_utc
from serving.store.schema import OVERRIDES

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy import Connection, RowMapping


def add(connection: Connection, override: Override, now: dt.datetime) -> Override:
    """Add an override to the history and return it with its number.

    Raises
    ------
    StoreError
        The model's own answer is not JSON.
    """
    is_limit = override.kind == "limit"
    made = insert(OVERRIDES).values(
        customer_id=override.customer_id,
        kind=override.kind,
        limit_eur=override.value if is_limit else None,
        grade=None if is_limit else override.value,
        own=to_json(override.own, "what the model said"),
        reason=override.reason,
        who=override.who,
        at=now,
        valid_until=override.valid_until,
    )
    override_id = connection.scalars(made.returning(OVERRIDES.c.override_id)).one()
    return get(connection, override_id)


def withdraw(connection: Connection, override_id: int, who: str, reason: str, now: dt.datetime) -> int:
    """Add the withdrawal of an override to the history and return the number of its row.

    Raises
    ------
    StoreError
        There is no such override, or it was withdrawn already.
    """
    found = get(connection, override_id)
    if found.withdrawn_at is not None:
        raise StoreError(f"override {override_id} was withdrawn by {found.withdrawn_by} already")
    made = insert(OVERRIDES).values(
        withdraws=override_id,
        customer_id=found.customer_id,
        kind=found.kind,
        reason=reason,
        who=who,
        at=now,
    )
    row: int = connection.scalars(made.returning(OVERRIDES.c.override_id)).one()
    return row


def find(connection: Connection, override_id: int) -> Override | None:
    """Return an override by its number, None if there is none."""
    found = _read(connection, OVERRIDES.c.override_id == override_id)
    return found[0] if found else None


def get(connection: Connection, override_id: int) -> Override:
    """Return an override by its number.

    Raises
    ------
    StoreError
        There is none.
    """
    found = find(connection, override_id)
    if found is None:
        raise StoreError(f"no override {override_id}; `encours override list` shows which there are")
    return found


def history(connection: Connection, customer_id: str | None, on: dt.date | None) -> tuple[Override, ...]:
    """Return overrides, the oldest first: of a customer or all; in force on a day, or all."""
    theirs = [] if customer_id is None else [OVERRIDES.c.customer_id == customer_id]
    # The table is append-only: ended overrides are not read.
    found = _read(connection, *theirs, *([] if on is None else [OVERRIDES.c.valid_until >= on]))
    return tuple(one for one in found if on is None or one.in_force(on))


def _read(connection: Connection, *conditions: object) -> tuple[Override, ...]:
    ends = OVERRIDES.alias("withdrawals")
    query = (
        select(
            OVERRIDES,
            ends.c.at.label("withdrawn_at"),
            ends.c.who.label("withdrawn_by"),
            ends.c.reason.label("withdrawn_reason"),
        )
        .outerjoin(ends, ends.c.withdraws == OVERRIDES.c.override_id)
        .where(OVERRIDES.c.withdraws.is_(None), *conditions)  # type: ignore[arg-type]  # column conditions
        .order_by(OVERRIDES.c.override_id)
    )
    return tuple(_override(row) for row in connection.execute(query).mappings())


def _override(row: RowMapping) -> Override:
    ended = row["withdrawn_at"]
    return Override(
        customer_id=row["customer_id"],
        kind=row["kind"],
        value=row["grade"] if row["limit_eur"] is None else row["limit_eur"],
        reason=row["reason"],
        who=row["who"],
        valid_until=row["valid_until"],
        own=from_json(row["own"]),
        override_id=row["override_id"],
        created_at=in_utc(row["at"]),
        withdrawn_at=None if ended is None else in_utc(ended),
        withdrawn_by=row["withdrawn_by"],
        withdrawn_reason=row["withdrawn_reason"],
    )
