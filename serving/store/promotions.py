"""Statements on the history of promotions: add to it, read it.

Owns the representation of an entry in the table. Entries are never changed or deleted, as triggers enforce.
The newest entry that changes the champion determines it; the gate decides what may become champion.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select

from models.errors import StoreError
from serving.store.packing import from_json, to_json
from serving.store.rows import ACTIONS, Promotion, PromotionEntry
from serving.store.runs import in_utc
from serving.store.schema import PROMOTIONS

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy import Connection, RowMapping


def record(connection: Connection, entry: PromotionEntry, now: dt.datetime) -> Promotion:
    """Add an entry to the history.

    Raises
    ------
    StoreError
        The action is invalid, or the caller is missing.
    """
    if entry.action not in ACTIONS:
        raise StoreError(f"action is {entry.action!r}; actions are {', '.join(ACTIONS)}")
    if not entry.who.strip():
        raise StoreError("an entry of the history needs the name of who did it")
    verdict = None if entry.verdict is None else to_json(entry.verdict, "the verdict")
    made = insert(PROMOTIONS).values(**(asdict(entry) | {"verdict": verdict, "at": now}))
    found = connection.execute(made.returning(*PROMOTIONS.c)).mappings().one()
    return _promotion(found)


def history(connection: Connection, target: str | None) -> tuple[Promotion, ...]:
    """Return the entries of a target, or of all, the oldest first."""
    query = select(PROMOTIONS).order_by(PROMOTIONS.c.promotion_id)
    if target is not None:
        query = query.where(PROMOTIONS.c.target == target)
    return tuple(_promotion(row) for row in connection.execute(query).mappings())


def last_change(connection: Connection, actions: tuple[str, ...]) -> int | None:
    """Return the id of the newest entry of some actions, None without any."""
    query = select(func.max(PROMOTIONS.c.promotion_id)).where(PROMOTIONS.c.action.in_(actions))
    found: int | None = connection.scalars(query).one()
    return found


def _promotion(row: RowMapping) -> Promotion:
    verdict = None if row["verdict"] is None else from_json(row["verdict"])
    return Promotion(**{**row, "at": in_utc(row["at"]), "verdict": verdict})
