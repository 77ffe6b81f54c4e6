"""Store methods on the follow-up of customers: reviews, assignments and collection actions.

Owns transactions; the statements are in `reviews` and `collection_actions`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from serving.store import audit, collection_actions, reviews
from serving.store.database import Database
from serving.store.engine import transaction

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from models.portfolio.collection_actions import CollectionAction
    from serving.store.collection_actions import DecidedLine
    from serving.store.follow_up_rows import AlertFollowUp, Assignment, Oversight, Review
    from serving.store.pagination import ListPage
    from serving.store.record_rows import AuditEntry
    from serving.store.rows import Run


class FollowUpStore(Database):
    """Store who looked at customers, whose they are, and what was done about their debts."""

    def add_reviews(self, made: Sequence[Review], entries: Sequence[AuditEntry]) -> tuple[Review, ...]:
        """Add reviews to the history, and their entries to the audit log, all or none."""
        logged = [audit.prepare(entry) for entry in entries]
        with transaction(self._engine, writes=True) as connection:
            audit.record(connection, logged, self._audit_keys)
            return reviews.add_reviews(connection, made, self._clock())

    def reviews(self, customer_id: str | None, limit: int, offset: int) -> ListPage[Review]:
        """Return a page of the reviews of a customer or of all, the newest first."""
        with transaction(self._engine) as connection:
            return reviews.reviews(connection, customer_id, limit, offset)

    def add_assignments(
        self, made: Sequence[Assignment], entries: Sequence[AuditEntry]
    ) -> tuple[Assignment, ...]:
        """Add assignments to the history, and their entries to the audit log, all or none."""
        logged = [audit.prepare(entry) for entry in entries]
        with transaction(self._engine, writes=True) as connection:
            audit.record(connection, logged, self._audit_keys)
            return reviews.add_assignments(connection, made, self._clock())

    def assignments(
        self, assignee: str | None = None, customer_ids: Collection[str] | None = None
    ) -> tuple[Assignment, ...]:
        """Return the assignments that count now, sorted by customer; of all without a restriction."""
        with transaction(self._engine) as connection:
            return reviews.assignments(connection, assignee, customer_ids)

    def oversight(self, customer_ids: Collection[str] | None = None) -> dict[str, Oversight]:
        """Return whose customers are and who looked at them last; of all without `customer_ids`."""
        with transaction(self._engine) as connection:
            return reviews.oversight(connection, customer_ids)

    def alert_follow_ups(
        self, run: Run, customer_ids: Collection[str] | None = None
    ) -> dict[str, AlertFollowUp]:
        """Return what persons did about customers since a run was published; of all customers by default."""
        since = run.published_at or run.started_at
        with transaction(self._engine) as connection:
            return reviews.alert_follow_ups(connection, since, customer_ids)

    def newest_follow_up(self) -> tuple[int, int]:
        """Return the numbers of the newest review and of the newest assignment, 0 without any."""
        with transaction(self._engine) as connection:
            return reviews.newest_ids(connection)

    def add_action(self, action: CollectionAction, entry: AuditEntry) -> CollectionAction:
        """Add a collection action to the history, and its entry to the audit log, both or neither."""
        logged = audit.prepare(entry)
        with transaction(self._engine, writes=True) as connection:
            audit.record(connection, [logged], self._audit_keys)
            return collection_actions.add(connection, action, self._clock())

    def actions(self, customer_id: str | None, limit: int, offset: int) -> ListPage[CollectionAction]:
        """Return a page of the collection actions about a customer or all, the newest first."""
        with transaction(self._engine) as connection:
            return collection_actions.history(connection, customer_id, limit, offset)

    def decided_lines(self, run_id: int) -> tuple[DecidedLine, ...]:
        """Return the lines of a run's worklist about which something was done."""
        with transaction(self._engine) as connection:
            return collection_actions.decided_lines(connection, run_id)

    def open_amounts(self, run_id: int, customer_ids: Collection[str]) -> Mapping[str, Mapping[str, float]]:
        """Return the open amount by invoice number of some customers of a run, in euros."""
        with transaction(self._engine) as connection:
            return collection_actions.open_amounts(connection, run_id, customer_ids)

    def newest_action_id(self) -> int:
        """Return the number of the newest collection action, 0 without any."""
        with transaction(self._engine) as connection:
            return collection_actions.newest_id(connection)
