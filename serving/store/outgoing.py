"""Store methods on the outbox.

Owns transactions; the statements are in `outbox`. Messages are entered by `Store.publish`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from serving.store import audit, outbox
from serving.store.database import Database
from serving.store.engine import transaction

if TYPE_CHECKING:
    import datetime as dt

    from serving.store.outbox import OutboxMessage, OutboxStatus
    from serving.store.record_rows import AuditEntry

MOST_LISTED = 500


class OutgoingStore(Database):
    """Claim messages of the outbox and enter how their sending ended."""

    def claim_message(self) -> OutboxMessage | None:
        """Claim the message that is due for longest, None without any.

        Nobody else claims it for `serving.store.outbox.LEASE`; its attempt is counted before it is made.
        """
        with transaction(self._engine, writes=True) as connection:
            return outbox.claim(connection, self._clock())

    def message_sent(self, message_id: str) -> None:
        """Enter that a message was accepted by its recipient."""
        with transaction(self._engine, writes=True) as connection:
            outbox.settle(connection, message_id, {"status": "sent", "sent_at": self._clock(), "error": None})

    def message_failed(self, message_id: str, error: str, retry_in: dt.timedelta | None) -> None:
        """Enter that an attempt failed.

        Parameters
        ----------
        retry_in
            When it is due again; None to give it up.
        """
        retry = {"status": "dead"} if retry_in is None else {"next_at": self._clock() + retry_in}
        with transaction(self._engine, writes=True) as connection:
            outbox.settle(connection, message_id, {**retry, "error": error})

    def renew_message(self, message_id: str, entry: AuditEntry) -> OutboxMessage:
        """Make a dead message due again, and enter that in the audit log.

        Raises
        ------
        StoreError
            There is none, or it is not dead.
        """
        logged = [audit.prepare(entry)]
        with transaction(self._engine, writes=True) as connection:
            audit.record(connection, logged, self._audit_keys)
            return outbox.renew(connection, message_id, self._clock())

    def messages(
        self, status: OutboxStatus | None = None, limit: int = MOST_LISTED
    ) -> tuple[OutboxMessage, ...]:
        """Return messages, the newest first, `MOST_LISTED` at most; of every status by default."""
        with transaction(self._engine) as connection:
            return outbox.listed(connection, status, max(min(limit, MOST_LISTED), 1))
