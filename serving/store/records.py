"""Store methods on append-only data: overrides, the audit log, stored states and policies.

Owns transactions; the statements are in `overrides`, `audit` and `versions`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.errors import PolicyError
from serving.store import audit, audit_check, overrides, versions
from serving.store import seals as sealing
from serving.store.database import Database
from serving.store.engine import copy_back, transaction
from serving.store.record_rows import EVERY_ENTRY, StoredPolicy

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from models.policy.document import Policy
    from serving.store.audit import PreparedEntry
    from serving.store.audit_check import AuditCheck, RowPosition
    from serving.store.record_rows import AuditEntry, AuditFilter, AuditPage, Override, StoredState

LONGEST_AUDIT_PAGE = 500


class RecordStore(Database):
    """Store overrides, the audit log, and the inputs of replays."""

    def add_override(self, override: Override, entry: AuditEntry | None = None) -> Override:
        """Add an override to the history; it can never be changed or deleted.

        Parameters
        ----------
        entry
            Written into the audit log in the same transaction.
        """
        logged = [] if entry is None else [audit.prepare(entry)]
        with transaction(self._engine, writes=True) as connection:
            audit.record(connection, logged, self._audit_keys)
            made = overrides.add(connection, override, self._clock())
            sealing.seal_rows(connection, "override", [made.override_id], self._audit_keys)
            return made

    def withdraw_override(
        self, override_id: int, who: str, reason: str, entry: AuditEntry | None = None
    ) -> Override:
        """Withdraw an override, as set by `add_override`; `StoreError` if missing or already withdrawn."""
        logged = [] if entry is None else [audit.prepare(entry)]
        with transaction(self._engine, writes=True, alone=True) as connection:
            audit.record(connection, logged, self._audit_keys)
            row = overrides.withdraw(connection, override_id, who, reason, self._clock())
            sealing.seal_rows(connection, "override", [row], self._audit_keys)
            return overrides.get(connection, override_id)

    def override(self, override_id: int) -> Override | None:
        """Return an override by its number, None if there is none."""
        with transaction(self._engine) as connection:
            return overrides.find(connection, override_id)

    def overrides(self, customer_id: str | None = None, on: dt.date | None = None) -> tuple[Override, ...]:
        """Return overrides, the oldest first.

        Parameters
        ----------
        customer_id
            Customer of the overrides; all customers if None.
        on
            Those in force on that day; the whole history without one.
        """
        with transaction(self._engine) as connection:
            return overrides.history(connection, customer_id, on)

    def record_answers(self, entries: Sequence[AuditEntry]) -> None:
        """Add entries to the audit log, with the states they were computed from, all or none.

        Raises
        ------
        StoreError
            The database is unavailable, or a value is not storable; nothing is written.
        """
        self.record_prepared([audit.prepare(entry) for entry in entries])

    def record_prepared(self, entries: Sequence[PreparedEntry]) -> None:
        """Add entries prepared by `serving.store.prepare`, all or none."""
        with transaction(self._engine, writes=True) as connection:
            audit.record(connection, entries, self._audit_keys)

    def copy_back(self) -> None:
        """Checkpoint the write-ahead log, while others read and write."""
        copy_back(self._engine)

    def audit_entry(self, answer_id: str) -> AuditEntry | None:
        """Return the entry of an answer, None if there is none."""
        with transaction(self._engine) as connection:
            return audit.entry(connection, answer_id, self._audit_keys)

    def audit(
        self,
        limit: int = 50,
        before: int | None = None,
        about: AuditFilter = EVERY_ENTRY,
    ) -> AuditPage:
        """Return a page of the audit log, the newest entry first.

        Parameters
        ----------
        limit
            Maximum number of entries, up to `LONGEST_AUDIT_PAGE`.
        before
            `next_before` of the stretch before; from the newest entry on without it.
        about
            Which entries.
        """
        with transaction(self._engine) as connection:
            longest = max(min(limit, LONGEST_AUDIT_PAGE), 1)
            return audit.page(connection, longest, before, about, self._audit_keys)

    def check_audit(
        self, known: RowPosition | None = None, known_seal: RowPosition | None = None
    ) -> AuditCheck:
        """Verify the whole audit log against changes, deletions and insertions.

        The inputs of its answers are verified too: states, policies, overrides, promotions, users and keys.

        Parameters
        ----------
        known, known_seal
            Number and link of the newest entry and the newest seal at an earlier check, which must still
            exist.
        """
        with transaction(self._engine) as connection:
            return audit_check.check(connection, self._audit_keys, known, known_seal)

    def stored_state(self, state_hash: str) -> StoredState | None:
        """Return the input state of an answer, None if it is not stored."""
        with transaction(self._engine) as connection:
            return versions.state(connection, state_hash)

    def add_policy(self, policy: StoredPolicy) -> None:
        """Store a policy's text by its hash; idempotent."""
        with transaction(self._engine, writes=True, alone=True) as connection:
            if versions.add_policy(connection, policy, self._clock()):
                sealing.seal_rows(connection, "policy", [policy.policy_hash], self._audit_keys)

    def add_policy_of(self, policy: Policy, path: Path | None) -> bool:
        """Store the text of a policy that was loaded from a file.

        Returns
        -------
        bool
            Whether it is stored: not if the file has been edited or removed since it was loaded.
        """
        from models.policy.document import policy_from_text, policy_text  # noqa: PLC0415  # costs a tenth of a second

        try:
            text = policy_text(path)
            same = policy_from_text(text, str(path)).hash == policy.hash
        except PolicyError:
            return False
        if not same:
            return False
        self.add_policy(StoredPolicy(policy.hash, policy.version, text))
        return True

    def policy_text(self, policy_hash: str) -> str | None:
        """Return the policy text of a hash, None if it is not stored."""
        with transaction(self._engine) as connection:
            return versions.policy_text(connection, policy_hash)
