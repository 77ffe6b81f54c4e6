"""Statements on collection actions: add them, read the history and what decides about lines of a worklist.

Owns their representation in the append-only table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select

from models.portfolio.collection_actions import NOTE, CollectionAction
from serving.store.follow_up_schema import COLLECTION_ACTIONS
from serving.store.packing import from_json, to_json
from serving.store.pagination import ListPage
from serving.store.runs import in_utc
from serving.store.schema import INVOICES, WORKLIST

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Mapping

    from sqlalchemy import Connection, RowMapping

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class DecidedLine:
    """A line of a worklist with the last action about its customer that is no note."""

    place: int
    tone: str
    action: CollectionAction


def add(connection: Connection, action: CollectionAction, now: dt.datetime) -> CollectionAction:
    """Add an action to the history and return it with its number."""
    made = insert(COLLECTION_ACTIONS).values(
        customer_id=action.customer_id,
        kind=action.kind,
        note=action.note,
        amount_eur=action.amount_eur,
        until=action.until,
        tone=action.tone,
        owed=to_json(dict(action.owed), "what was owed"),
        who=action.who,
        at=now,
    )
    return _action(connection.execute(made.returning(*COLLECTION_ACTIONS.c)).mappings().one())


def history(
    connection: Connection, customer_id: str | None, limit: int, offset: int
) -> ListPage[CollectionAction]:
    """Return a page of the actions about a customer or all, the newest first."""
    where = [] if customer_id is None else [COLLECTION_ACTIONS.c.customer_id == customer_id]
    total = connection.scalar(select(func.count()).select_from(COLLECTION_ACTIONS).where(*where)) or 0
    query = select(COLLECTION_ACTIONS).where(*where).order_by(COLLECTION_ACTIONS.c.action_id.desc())
    rows = connection.execute(query.limit(limit).offset(offset)).mappings()
    return ListPage(tuple(_action(row) for row in rows), total, limit, offset)


def decided_lines(connection: Connection, run_id: int) -> tuple[DecidedLine, ...]:
    """Return the lines of a run's worklist about which something was done, by their place."""
    table = COLLECTION_ACTIONS
    newest = select(func.max(table.c.action_id)).where(table.c.kind != NOTE).group_by(table.c.customer_id)
    query = (
        select(table, WORKLIST.c.place, WORKLIST.c.tone.label("line_tone"))
        .join(WORKLIST, WORKLIST.c.customer_id == table.c.customer_id)
        .where(WORKLIST.c.run_id == run_id, table.c.action_id.in_(newest))
        .order_by(WORKLIST.c.place)
    )
    rows = connection.execute(query).mappings()
    return tuple(DecidedLine(row["place"], row["line_tone"], _action(row)) for row in rows)


def open_amounts(
    connection: Connection, run_id: int, customer_ids: Collection[str]
) -> Mapping[str, Mapping[str, float]]:
    """Return the open amount by invoice number of some customers of a run, in euros."""
    found: dict[str, dict[str, float]] = {one: {} for one in customer_ids}
    wanted = sorted(found)
    for start in range(0, len(wanted), _AT_ONCE):
        query = select(INVOICES.c.customer_id, INVOICES.c.invoice_id, INVOICES.c.open_eur).where(
            INVOICES.c.run_id == run_id, INVOICES.c.customer_id.in_(wanted[start : start + _AT_ONCE])
        )
        for customer_id, invoice_id, open_eur in connection.execute(query):
            found[customer_id][invoice_id] = open_eur
    return found


def newest_id(connection: Connection) -> int:
    """Return the number of the newest action, 0 without any."""
    return connection.scalar(select(func.max(COLLECTION_ACTIONS.c.action_id))) or 0


def _action(row: RowMapping) -> CollectionAction:
    return CollectionAction(
        row["customer_id"],
        row["kind"],
        row["who"],
        row["note"],
        row["amount_eur"],
        row["until"],
        row["tone"],
        from_json(row["owed"]),
        row["action_id"],
        in_utc(row["at"]),
    )
