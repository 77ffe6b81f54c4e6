"""What every use case that answers about credit works with: store, assessor in use, audit log, day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from serving.audit.recorder import Recorder
    from serving.store import Store
    from serving.usecases.assessors import AssessorSource


@dataclass(frozen=True, slots=True)
class CreditServices:
    """The services that use cases share.

    Parameters
    ----------
    store
        Opens the store, or raises `StoreError`.
    assessors
        Where the assessor in use comes from.
    recorder
        Writes the audit log.
    today
        Returns the present day: overrides in force on it count, and prospects are assessed on it.
    """

    store: Callable[[], Store]
    assessors: AssessorSource
    recorder: Recorder
    today: Callable[[], dt.date]
