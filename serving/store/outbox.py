"""Statements on the outbox: messages to send after a night, each with its attempts and its outcome.

Owns the representation of a message in the table. A message is claimed for a lease before it is sent: where a
sender is killed, the next one sends it again after the lease, under the same id.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from sqlalchemy import delete, insert, select, update

from models.errors import StoreError
from serving.store import packing
from serving.store.runs import in_utc
from serving.store.schema import OUTBOX

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, RowMapping

OutboxChannel = Literal["email", "webhook"]
OutboxStatus = Literal["pending", "sent", "dead"]
OUTBOX_STATUSES: tuple[OutboxStatus, ...] = get_args(OutboxStatus)
LEASE = dt.timedelta(minutes=5)
"""How long a claimed message is left to its sender; longer than any attempt takes."""


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to send.

    Parameters
    ----------
    message_id
        The same for the same run, channel and endpoint: a message is never entered twice.
    endpoint
        Name of the recipient in the configuration, which has its address and its secrets.
    body
        JSON values, as the channel needs them.
    """

    message_id: str
    run_id: int
    channel: OutboxChannel
    endpoint: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxMessage(NewMessage):
    """A message in the outbox.

    Parameters
    ----------
    attempts
        Attempts that were begun.
    next_at
        When a pending message is due.
    error
        Why the last attempt failed, without address or secret; None where none did.
    """

    status: OutboxStatus
    attempts: int
    created_at: dt.datetime
    next_at: dt.datetime
    sent_at: dt.datetime | None
    error: str | None


def add(connection: Connection, messages: Sequence[NewMessage], now: dt.datetime) -> None:
    """Add messages that are not in the outbox yet, due at once."""
    ids = [one.message_id for one in messages]
    known = set(connection.scalars(select(OUTBOX.c.message_id).where(OUTBOX.c.message_id.in_(ids))))
    rows = [
        {
            "message_id": one.message_id,
            "run_id": one.run_id,
            "channel": one.channel,
            "endpoint": one.endpoint,
            "body": packing.pack(one.body, f"the message {one.message_id}"),
            "status": "pending",
            "attempts": 0,
            "created_at": now,
            "next_at": now,
        }
        for one in messages
        if one.message_id not in known
    ]
    if rows:
        connection.execute(insert(OUTBOX), rows)


def claim(connection: Connection, now: dt.datetime) -> OutboxMessage | None:
    """Claim the message that is due for longest, None without any; its attempt counts from now on."""
    due = (
        select(OUTBOX.c.message_id)
        .where(OUTBOX.c.status == "pending", OUTBOX.c.next_at <= now)
        .order_by(OUTBOX.c.next_at, OUTBOX.c.message_id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    found = connection.scalar(due)
    if found is None:
        return None
    changed = {"attempts": OUTBOX.c.attempts + 1, "next_at": now + LEASE}
    connection.execute(update(OUTBOX).where(OUTBOX.c.message_id == found).values(changed))
    return get(connection, found)


def settle(connection: Connection, message_id: str, values: Mapping[str, Any]) -> None:
    """Enter the outcome of an attempt; a message that was sent stays sent."""
    where = (OUTBOX.c.message_id == message_id, OUTBOX.c.status == "pending")
    connection.execute(update(OUTBOX).where(*where).values(**values))


def renew(connection: Connection, message_id: str, now: dt.datetime) -> OutboxMessage:
    """Make a dead message due again, under its id.

    Raises
    ------
    StoreError
        There is none, or it is not dead.
    """
    status = get(connection, message_id).status
    if status != "dead":
        raise StoreError(f"message {message_id} is {status}; only a dead one is sent again")
    changed = {"status": "pending", "attempts": 0, "next_at": now}
    connection.execute(update(OUTBOX).where(OUTBOX.c.message_id == message_id).values(changed))
    return get(connection, message_id)


def get(connection: Connection, message_id: str) -> OutboxMessage:
    """Return a message by its id.

    Raises
    ------
    StoreError
        There is none.
    """
    row = connection.execute(select(OUTBOX).where(OUTBOX.c.message_id == message_id)).mappings().one_or_none()
    if row is None:
        raise StoreError(f"no message {message_id}; `encours notify list` shows which there are")
    return _message(row)


def listed(connection: Connection, status: OutboxStatus | None, limit: int) -> tuple[OutboxMessage, ...]:
    """Return messages, the newest first; of every status by default."""
    where = [] if status is None else [OUTBOX.c.status == status]
    query = (
        select(OUTBOX).where(*where).order_by(OUTBOX.c.created_at.desc(), OUTBOX.c.message_id).limit(limit)
    )
    return tuple(_message(row) for row in connection.execute(query).mappings())


def remove_of(connection: Connection, run_id: int) -> None:
    """Remove the messages of a run that wait for nothing."""
    connection.execute(delete(OUTBOX).where(OUTBOX.c.run_id == run_id, OUTBOX.c.status != "pending"))


def _message(row: RowMapping) -> OutboxMessage:
    return OutboxMessage(
        message_id=row["message_id"],
        run_id=row["run_id"],
        channel=row["channel"],
        endpoint=row["endpoint"],
        body=packing.unpack(row["body"]),
        status=row["status"],
        attempts=row["attempts"],
        created_at=in_utc(row["created_at"]),
        next_at=in_utc(row["next_at"]),
        sent_at=None if row["sent_at"] is None else in_utc(row["sent_at"]),
        error=row["error"],
    )
