"""Customers in the memory of this process: read from the store once a published run, asked about often.

Owns what is kept, how much of it, and when it is dropped: another run, another override or another assessor
empties it. Whether anything changed is looked up twice a second while questions come, and at once where this
process changed it; after a quiet time the first question waits for that look. So what another process changed
counts for every question that comes `FRESH_S` after it.
What asks the store (`Reader`) runs in a thread; what is kept (`Memory`) belongs to the event loop alone.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.assessment.assessment import CustomerState
from models.errors import StoreError
from serving.api.problems import no_run
from serving.audit.entries import kept
from serving.known.writing import StoredAnswers
from serving.store.versions import state_columns

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from models.assessment.customer_context import CustomerContext
    from serving.known.writing import Form
    from serving.services import CreditAssessor, Services
    from serving.store import Override, Run, Store
    from serving.store.remembered import Remembered, Stamp

LOOK_EVERY_S = 0.5
FRESH_S = 1.0
"""Beyond this age of the last look nothing is answered from memory."""
_TRIES = 3


@dataclass(slots=True, eq=False)
class Entry:
    """One customer.

    Parameters
    ----------
    known
        What the assessor made of its state.
    state
        The state as the audit log keeps it, as columns.
    kept
        How much of these columns and of the form the log is known to hold.
    form
        What goes out of it whatever is asked, from its first answer on.
    """

    known: CustomerContext
    overrides: tuple[Override, ...]
    state: Mapping[str, Any]
    kept: StoredAnswers = StoredAnswers.NOTHING
    form: Form | None = None


@dataclass(frozen=True, slots=True, eq=False)
class LoadedCustomers:
    """What was found in the store: customers by their ids, and by whom and of what run they are known."""

    assessor: CreditAssessor
    run: Run
    stamp: Stamp
    entries: Mapping[str, Entry]


class Reader:
    """Reads customers from the store; one thread at a time."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._last: tuple[Stamp, Run] | None = None

    def read(self, customer_ids: Sequence[str]) -> LoadedCustomers:
        """Return customers of the published run; those that it does not hold are left out.

        Raises
        ------
        Problem
            No run is published yet.
        CreditError
            No model is in charge, or the store is away.
        """
        assessor, store = self._services.assessor(), self._services.store()
        for _ in range(_TRIES):
            stamp, run = self._look(store)
            rows = store.remembered(customer_ids) if customer_ids else ()
            if all(row.run_id == run.run_id for row in rows):
                states = [_state(row, run) for row in rows]
                known = assessor.know(states) if states else ()
                entries = {
                    row.customer_id: _entry(one, row.overrides) for row, one in zip(rows, known, strict=True)
                }
                return LoadedCustomers(assessor, run, stamp, entries)
            # A night was published between the look and the reading.
        raise StoreError("nights are published faster than one can be read; ask again")

    def _look(self, store: Store) -> tuple[Stamp, Run]:
        stamp = store.stamp()
        if self._last is None or self._last[0] != stamp:
            run = store.current_run()
            if run is None:
                raise no_run()
            self._last = stamp, run
        return self._last


class Memory:
    """What is known of customers now.

    Parameters
    ----------
    most
        How many customers are kept; those asked about longest ago go first.
    clock
        Seconds that only rise.
    """

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = most, clock
        self._entries: OrderedDict[str, Entry] = OrderedDict()
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

    def get(self, customer_id: str) -> Entry | None:
        """Return a customer, None where it must be read first."""
        entry = self._entries.get(customer_id)
        if entry is not None and 2 * len(self._entries) > self._most:
            # Before somebody may have to go it is of no matter who was asked about last.
            self._entries.move_to_end(customer_id)
        return entry

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

    def keep(self, found: LoadedCustomers, looked_at: float | None = None) -> None:
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
        # Nothing has changed of those that are here, and their forms are worth keeping.
        self._entries.update({name: one for name, one in found.entries.items() if name not in self._entries})
        while len(self._entries) > self._most:
            self._entries.popitem(last=False)

    def now(self) -> float:
        """Return the present moment by the memory's clock."""
        return self._clock()

    def forget(self) -> None:
        """Drop everything: what changed, or whether, is not known."""
        self._entries.clear()


def _state(row: Remembered, run: Run) -> CustomerState:
    return CustomerState.of_run(row.party, row.as_of, row.state, row.open_eur, run.context)


def _entry(known: CustomerContext, overrides: tuple[Override, ...]) -> Entry:
    columns = state_columns(kept(known.state, known.features_hash))
    return Entry(known, overrides, columns)
