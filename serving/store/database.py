"""What every part of the store's door stands on: the engine and the clock.

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
    """Return the present moment in UTC."""
    return dt.datetime.now(dt.UTC)


class Database:
    """An engine and a clock; may be used from several threads and processes.

    Parameters
    ----------
    engine
        An engine of `serving.store.engine.open_engine`, migrated.
    clock
        What tells the present moment, in UTC.
    audit_keys
        What links the entries of the audit log.
    """

    def __init__(
        self, engine: Engine, clock: Callable[[], dt.datetime] = utc_now, audit_keys: AuditKeys = NO_KEYS
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._audit_keys = audit_keys

    def close(self) -> None:
        """Give every connection back."""
        self._engine.dispose()

    def now(self) -> dt.datetime:
        """Return the present moment by the store's clock."""
        return self._clock()
