"""Store methods and statements on proposed changes of the policy: propose, close, list.

Owns the representation of a proposal in the append-only table: what closes it is a row that references it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sqlalchemy import insert, select

from models.errors import StoreError
from serving.store import audit
from serving.store.database import Database
from serving.store.engine import transaction
from serving.store.policy_changes_schema import POLICY_CHANGES
from serving.store.runs import in_utc

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy import Connection, RowMapping

    from serving.store.record_rows import AuditEntry

Closing = Literal["confirmed", "withdrawn"]


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """A proposed change of the policy.

    Parameters
    ----------
    before_hash, policy_hash
        Hashes of the policy that it was made from, and of the proposed one.
    text
        The proposed policy's file.
    change_id
        Its number; 0 before it is stored.
    closed, closed_by, closed_at
        Whether it was put in force or dropped, by whom and when; None while it waits.
    """

    before_hash: str
    policy_hash: str
    text: str
    reason: str
    who: str
    change_id: int = 0
    at: dt.datetime | None = None
    closed: Closing | None = None
    closed_by: str | None = None
    closed_at: dt.datetime | None = None


class PolicyChangeStore(Database):
    """Store proposed changes of the policy."""

    def propose_policy(self, change: PolicyChange, entry: AuditEntry) -> PolicyChange:
        """Add a proposal to the history, and its entry to the audit log with it."""
        logged = [audit.prepare(entry)]
        with transaction(self._engine, writes=True) as connection:
            audit.record(connection, logged, self._audit_keys)
            made = insert(POLICY_CHANGES).values(event="proposed", at=self._clock(), **_columns(change))
            change_id = connection.scalars(made.returning(POLICY_CHANGES.c.policy_change_id)).one()
            return _get(connection, change_id)

    def close_policy_change(
        self, change_id: int, how: Closing, who: str, reason: str, entry: AuditEntry
    ) -> PolicyChange:
        """Close a proposal, and enter that in the audit log with it.

        Raises
        ------
        StoreError
            There is no such proposal, or it was closed already.
        """
        logged = [audit.prepare(entry)]
        with transaction(self._engine, writes=True, alone=True) as connection:
            found = _get(connection, change_id)
            if found.closed is not None:
                raise StoreError(f"policy change {change_id} was closed by {found.closed_by} already")
            audit.record(connection, logged, self._audit_keys)
            row = {**_columns(found), "who": who, "reason": reason}
            connection.execute(
                insert(POLICY_CHANGES).values(closes=change_id, event=how, at=self._clock(), **row)
            )
            return _get(connection, change_id)

    def policy_change(self, change_id: int) -> PolicyChange | None:
        """Return a proposal by its number, None if there is none."""
        with transaction(self._engine) as connection:
            return next(iter(_read(connection, change_id)), None)

    def policy_changes(self) -> tuple[PolicyChange, ...]:
        """Return all proposals, the newest first."""
        with transaction(self._engine) as connection:
            return _read(connection)


def _columns(change: PolicyChange) -> dict[str, str]:
    names = ("before_hash", "policy_hash", "text", "reason", "who")
    return {name: getattr(change, name) for name in names}


def _get(connection: Connection, change_id: int) -> PolicyChange:
    found = _read(connection, change_id)
    if not found:
        raise StoreError(f"there is no policy change {change_id}")
    return found[0]


def _read(connection: Connection, change_id: int | None = None) -> tuple[PolicyChange, ...]:
    ends = POLICY_CHANGES.alias("ends")
    query = (
        select(
            POLICY_CHANGES,
            ends.c.event.label("closed"),
            ends.c.who.label("closed_by"),
            ends.c.at.label("closed_at"),
        )
        .outerjoin(ends, ends.c.closes == POLICY_CHANGES.c.policy_change_id)
        .where(POLICY_CHANGES.c.closes.is_(None))
        .order_by(POLICY_CHANGES.c.policy_change_id.desc())
    )
    if change_id is not None:
        query = query.where(POLICY_CHANGES.c.policy_change_id == change_id)
    return tuple(_change(row) for row in connection.execute(query).mappings())


def _change(row: RowMapping) -> PolicyChange:
    return PolicyChange(
        row["before_hash"],
        row["policy_hash"],
        row["text"],
        row["reason"],
        row["who"],
        row["policy_change_id"],
        in_utc(row["at"]),
        row["closed"],
        row["closed_by"],
        None if row["closed_at"] is None else in_utc(row["closed_at"]),
    )
