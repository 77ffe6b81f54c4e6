"""Store methods on the follow-up of customers: reviews and assignments.

Owns transactions; the statements are in `reviews`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from serving.store import audit, reviews
from serving.store.database import Database
from serving.store.engine import transaction

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from serving.store.follow_up_rows import Assignment, Review
    from serving.store.pagination import ListPage
    from serving.store.record_rows import AuditEntry


class FollowUpStore(Database):
    """Store who looked at customers, and whose they are."""

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

    def newest_follow_up(self) -> tuple[int, int]:
        """Return the numbers of the newest review and of the newest assignment, 0 without any."""
        with transaction(self._engine) as connection:
            return reviews.newest_ids(connection)
