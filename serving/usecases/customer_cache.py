"""Cache customers in this process: read from the store once a published run, assessed often.

Owns what is cached, how much of it, and when it is dropped: another run, another override or another assessor
empties the cache. Whether anything changed is checked twice a second while requests come, and at once where
this process changed it; after a quiet time the first request waits for that check. So what another process
changed counts for every request that comes `FRESH_S` after it.
What reads the store (`CustomerReader`) runs in a thread; the cache belongs to the event loop alone.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.assessment.assessment import CustomerState
from models.errors import NotPublishedError, StoreError
from serving.audit.entries import kept
from serving.store.versions import state_columns

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from models.assessment.customer_context import CustomerContext
    from serving.store import Override, Run, Store
    from serving.store.cached_states import Stamp, StateWithOverrides
    from serving.usecases.assessors import AssessorSource, CreditAssessor

LOOK_EVERY_S = 0.5
FRESH_S = 1.0
"""Beyond this age of the last look nothing is answered from memory."""
_TRIES = 3


@dataclass(frozen=True, slots=True, eq=False)
class CachedCustomer:
    """One customer.

    Parameters
    ----------
    known
        What the assessor computed from its state.
    state
        The state as the audit log keeps it, as columns.
    """

    known: CustomerContext
    overrides: tuple[Override, ...]
    state: Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class CustomersRead:
    """Customers read from the store, by their ids, with the assessor and the run that they are of."""

    assessor: CreditAssessor
    run: Run
    stamp: Stamp
    customers: Mapping[str, CachedCustomer]


class CustomerReader:
    """Read customers from the store; one thread at a time.

    Parameters
    ----------
    store
        Opens the store, or raises `StoreError`.
    assessors
        Where the assessor in use comes from.
    """

    def __init__(self, store: Callable[[], Store], assessors: AssessorSource) -> None:
        self._store, self._assessors = store, assessors
        self._last: tuple[Stamp, Run] | None = None

    def read(self, customer_ids: Sequence[str]) -> CustomersRead:
        """Return customers of the published run; those that it does not hold are left out.

        Raises
        ------
        NotPublishedError
            No run is published yet.
        CreditError
            No model is in charge, or the store is away.
        """
        assessor, store = self._assessors.get(), self._store()
        for _ in range(_TRIES):
            stamp, run = self._look(store)
            rows = store.states_with_overrides(customer_ids) if customer_ids else ()
            if all(row.run_id == run.run_id for row in rows):
                states = [_state(row, run) for row in rows]
                known = assessor.know(states) if states else ()
                found = {
                    row.customer_id: _cached(one, row.overrides) for row, one in zip(rows, known, strict=True)
                }
                return CustomersRead(assessor, run, stamp, found)
            # A night was published between the look and the reading.
        raise StoreError("nights are published faster than one can be read; ask again")

    def _look(self, store: Store) -> tuple[Stamp, Run]:
        stamp = store.stamp()
        if self._last is None or self._last[0] != stamp:
            run = store.current_run()
            if run is None:
                raise NotPublishedError
            self._last = stamp, run
        return self._last


class CustomerCache:
    """The customers known now.

    Parameters
    ----------
    most
        How many customers are cached; those assessed longest ago go first.
    clock
        Seconds that only rise.
    """

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = most, clock
        self._entries: OrderedDict[str, CachedCustomer] = OrderedDict()
        self._of: tuple[Stamp, CreditAssessor] | None = None
        self._look_at = self._looked_at = 0.0

    @property
    def assessor(self) -> CreditAssessor:
        """Who knows the customers that are kept.

        Raises
        ------
        StoreError
            Nothing was read yet.
        """
        if self._of is None:
            raise StoreError("nothing was read from the store yet; ask again")
        return self._of[1]

    def is_of(self, assessor: CreditAssessor | None) -> bool:
        """Tell whether it is this assessor who knows the customers that are kept, if any."""
        return self._of is None or self._of[1] is assessor

    def get(self, customer_id: str) -> CachedCustomer | None:
        """Return a customer, None where it must be read first."""
        found = self._entries.get(customer_id)
        if found is not None and 2 * len(self._entries) > self._most:
            # Before anybody may have to go it does not matter who was assessed last.
            self._entries.move_to_end(customer_id)
        return found

    def is_due(self) -> bool:
        """Tell whether it is time to look if anything changed; the next time comes `LOOK_EVERY_S` later."""
        now = self._clock()
        if now < self._look_at:
            return False
        self._look_at = now + LOOK_EVERY_S
        return True

    def is_stale(self) -> bool:
        """Tell whether it is too long ago that nothing had changed to answer without another look."""
        return self._of is not None and self._clock() >= self._looked_at + FRESH_S

    def keep(self, found: CustomersRead, looked_at: float | None = None) -> None:
        """Keep what was read, in place of everything where anything has changed.

        Parameters
        ----------
        looked_at
            When the store was asked, by `now`; at this moment without it.
        """
        of, self._looked_at = self._of, self._clock() if looked_at is None else looked_at
        if of is None or of[0] != found.stamp or of[1] is not found.assessor:
            self._entries.clear()
            self._of = found.stamp, found.assessor
        # Nothing has changed of those that are here, and what was computed of them since is worth keeping.
        self._entries |= {name: one for name, one in found.customers.items() if name not in self._entries}
        while len(self._entries) > self._most:
            self._entries.popitem(last=False)

    def now(self) -> float:
        """Return the present moment by the cache's clock."""
        return self._clock()

    def forget(self) -> None:
        """Drop everything: what changed, or whether, is not known."""
        self._entries.clear()


def _state(row: StateWithOverrides, run: Run) -> CustomerState:
    return CustomerState.of_run(row.party, row.as_of, row.state, row.open_eur, run.context)


def _cached(known: CustomerContext, overrides: tuple[Override, ...]) -> CachedCustomer:
    columns = state_columns(kept(known.state, known.features_hash))
    return CachedCustomer(known, overrides, columns)
