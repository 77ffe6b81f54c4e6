"""Shared base of the store's parts: the engine and the clock.

Owns nothing else; `store` is the whole door, `access` and `records` are parts of it.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from serving.store.hash_chain import AuditKeys

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine


NO_KEYS = AuditKeys()


def utc_now() -> dt.datetime:
    """Return the current time in UTC."""
    return dt.datetime.now(dt.UTC)


class Database:
    """An engine and a clock; safe to share between threads and processes.

    Parameters
    ----------
    engine
        An engine of `serving.store.engine.open_engine`, migrated.
    clock
        Returns the current time, in UTC.
    audit_keys
        Secrets that link the entries of the audit log.
    """

    def __init__(
        self, engine: Engine, clock: Callable[[], dt.datetime] = utc_now, audit_keys: AuditKeys = NO_KEYS
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._audit_keys = audit_keys

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def now(self) -> dt.datetime:
        """Return the current time by the store's clock."""
        return self._clock()
