"""Store methods and statements on the closings of provisions: keep, list, find."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select

from models.portfolio.closing import Closing
from serving.store import audit, packing
from serving.store.closings_schema import CLOSINGS
from serving.store.database import Database
from serving.store.engine import transaction
from serving.store.runs import in_utc

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy import ColumnElement, Connection, RowMapping

    from serving.store.record_rows import AuditEntry

_RECORD = ("closing_id", "as_of", "policy_hash", "who", "at")


@dataclass(frozen=True, slots=True)
class ClosingRecord:
    """Who kept a closing, and when."""

    closing_id: int
    as_of: dt.date
    policy_hash: str
    who: str
    at: dt.datetime


class ClosingStore(Database):
    """Keep closings, and find the one that counts for a day: the newest that was kept."""

    def keep_closing(self, closing: Closing, who: str, entry: AuditEntry) -> ClosingRecord:
        """Keep a closing, and enter that in the audit log with it."""
        logged = [audit.prepare(entry)]
        document = packing.pack(closing.stored(), f"the closing of {closing.as_of}")
        with transaction(self._engine, writes=True) as connection:
            audit.record(connection, logged, self._audit_keys)
            made = insert(CLOSINGS).values(
                as_of=closing.as_of,
                policy_hash=closing.policy_hash,
                who=who,
                at=self._clock(),
                document=document,
            )
            closing_id = connection.scalars(made.returning(CLOSINGS.c.closing_id)).one()
            return _records(connection, CLOSINGS.c.closing_id == closing_id)[0]

    def closings(self) -> tuple[ClosingRecord, ...]:
        """Return the closings that count, one a day, the latest day first."""
        with transaction(self._engine) as connection:
            return _records(connection)

    def closing(self, closing_id: int) -> Closing | None:
        """Return a closing by its number, None if there is none."""
        query = select(CLOSINGS.c.document).where(CLOSINGS.c.closing_id == closing_id)
        with transaction(self._engine) as connection:
            packed = connection.scalar(query)
        return None if packed is None else Closing.from_stored(packing.unpack(packed))


def _records(connection: Connection, *where: ColumnElement[bool]) -> tuple[ClosingRecord, ...]:
    newest = select(func.max(CLOSINGS.c.closing_id)).group_by(CLOSINGS.c.as_of)
    query = select(*(CLOSINGS.c[name] for name in _RECORD)).order_by(CLOSINGS.c.as_of.desc())
    query = query.where(*(where or (CLOSINGS.c.closing_id.in_(newest),)))
    return tuple(_record(row) for row in connection.execute(query).mappings())


def _record(row: RowMapping) -> ClosingRecord:
    return ClosingRecord(**{**row, "at": in_utc(row["at"])})
