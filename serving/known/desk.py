"""Answers about known customers under load: those who ask together are answered together.

Owns the order of things: what is in memory is computed on the event loop, a few questions at a time, which
takes well under a millisecond each; what is not is read in a thread first; and every answer waits until the
audit log's own thread has committed its entry. While one group is written the next one gathers, and it waits
a moment for those who come at its heels: together, questions cost a fifth of what they cost one by one. So
nothing blocks the loop, and nothing is answered that is not in the log.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from models.errors import StoreError
from serving.assessing import unknown_customer
from serving.known.asked import PendingRequest, answers_to, fail, form_of
from serving.known.memory import Memory, Reader
from serving.known.writing import StoredAnswers, entry_of
from serving.store.audit import prepare_written

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future

    from serving.api.schemas.questions import AssessmentIn
    from serving.api.security import Caller
    from serving.known.memory import Entry, LoadedCustomers
    from serving.known.writing import Written
    from serving.services import Services
    from serving.store import PreparedEntry

MOST_AT_ONCE = 32
"""Questions computed in one turn of the event loop."""
QUIET_S = 0.0002
"""A group is answered when nobody else came for so long; the event loop goes on meanwhile."""
PATIENCE_S = 30.0


class AssessmentBatcher:
    """Answers questions about known customers; everything but reading happens on one event loop.

    Parameters
    ----------
    services
        The store, the assessor and the audit log.
    most_known
        How many customers are kept in memory.
    """

    def __init__(self, services: Services, most_known: int) -> None:
        self._services = services
        self._memory, self._reader = Memory(most_known), Reader(services)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._gathered: list[PendingRequest] = []
        self._unread: list[PendingRequest] = []
        self._turning = self._reading = self._writing = False
        self._changed, self._generation = threading.Event(), 0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="read")
        self._beside = ThreadPoolExecutor(1, thread_name_prefix="beside")

    def look_again(self) -> None:
        """Read everything anew: this process changed what is in force; may be called from any thread."""
        self._changed.set()

    def ask(
        self, question: AssessmentIn, caller: Caller, tell: Callable[[Written | Exception], None]
    ) -> None:
        """Have a question answered; called on an event loop, and returns at once.

        Parameters
        ----------
        tell
            Takes the answer once it is in the log, on the same loop and later than now; or what stands
            against it: an `UnknownCustomerError` where the portfolio does not hold the customer, a `Problem`
            where no run is published yet, a `CreditError` where no model is in charge, the store is away, or
            the process ends.
        """
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            # Whatever another loop left undone, nobody waits for it any more.
            self._loop, self._gathered, self._unread = loop, [], []
            self._turning = self._reading = self._writing = False
        self._gathered.append(PendingRequest(question, caller, tell))
        self._turn_soon(loop)

    def close(self) -> None:
        """Read and answer nothing any more."""
        self._thread.shutdown(wait=True, cancel_futures=True)
        self._beside.shutdown(wait=True, cancel_futures=True)

    def _turn_soon(self, loop: asyncio.AbstractEventLoop) -> None:
        """Answer those who ask when nobody else comes for a moment, and the group before is written."""
        if self._gathered and not self._turning and not self._writing:
            self._turning = True
            loop.call_soon(self._turn_when_quiet, loop, 0, 0.0)

    def _turn_when_quiet(self, loop: asyncio.AbstractEventLoop, seen: int, since: float) -> None:
        """Wait while more come: together, questions cost less.

        Parameters
        ----------
        seen, since
            How many had come, and when the last of them was seen, by `time.perf_counter`.
        """
        came, now = len(self._gathered), time.perf_counter()
        if came != seen:
            since = now
        if came >= MOST_AT_ONCE or now - since >= QUIET_S:
            self._turn(loop)
        else:
            loop.call_soon(self._turn_when_quiet, loop, came, since)

    def _turn(self, loop: asyncio.AbstractEventLoop) -> None:
        """Answer those who ask, up to `MOST_AT_ONCE`."""
        group, self._gathered = self._gathered[:MOST_AT_ONCE], self._gathered[MOST_AT_ONCE:]
        self._turning = False
        if self._changed.is_set() or not self._memory.is_of(self._services.assessor_in_use()):
            self._changed.clear()
            self._generation += 1
            self._memory.forget()
        elif (self._memory.is_due() or self._services.is_look_due()) and not self._reading:
            self._read(loop)
        # After a quiet time what is in memory may be old: those wait for whom the store was not asked yet.
        is_stale = self._memory.is_stale()
        entries = [
            None if is_stale and not one.was_read else self._memory.get(one.customer_id) for one in group
        ]
        known = [(one, entry) for one, entry in zip(group, entries, strict=True) if entry is not None]
        if known:
            self._assess(loop, *zip(*known, strict=True))
        missing = [one for one, entry in zip(group, entries, strict=True) if entry is None]
        _refuse_unknown([one for one in missing if one.was_read])
        self._unread += [one for one in missing if not one.was_read]
        if self._unread and not self._reading:
            self._read(loop)
        self._turn_soon(loop)

    def _read(self, loop: asyncio.AbstractEventLoop) -> None:
        """Read in the thread who is not in memory, and whether anything changed."""
        group, self._unread, self._reading = self._unread, [], True
        ids, generation = list(dict.fromkeys(one.customer_id for one in group)), self._generation
        now = self._memory.now()

        def done(future: Future[LoadedCustomers]) -> None:
            _tell(loop, self._keep, loop, group, future, generation, now)

        try:
            self._thread.submit(self._reader.read, ids).add_done_callback(done)
        except RuntimeError:
            self._reading = False
            fail(group, StoreError("the process ends; ask again"))

    def _keep(
        self,
        loop: asyncio.AbstractEventLoop,
        group: Sequence[PendingRequest],
        future: Future[LoadedCustomers],
        generation: int,
        looked_at: float,
    ) -> None:
        """Keep what was read, and go on with those who waited for it."""
        self._reading = False
        error = StoreError("the process ends; ask again") if future.cancelled() else future.exception()
        if error is not None:
            self._memory.forget()
            fail(group, error)
        elif self._changed.is_set() or generation != self._generation:
            # It was read before what this process changed since: it may be old.
            self._unread += group
        else:
            self._memory.keep(future.result(), looked_at)
            for one in group:
                one.was_read = True
            self._gathered += group
        if self._unread:
            self._read(loop)
        self._turn_soon(loop)

    def _assess(
        self, loop: asyncio.AbstractEventLoop, group: Sequence[PendingRequest], entries: Sequence[Entry]
    ) -> None:
        """Compute a group's answers, and give them to the audit log."""
        today, now = self._services.today(), dt.datetime.now(dt.UTC)
        try:
            answers, written = answers_to(self._memory.assessor, group, entries, today, self._beside)
        except Exception as error:  # noqa: BLE001  # whatever it is, those who wait must hear of it
            if len(group) == 1:
                fail(group, error)
                return
            # One that cannot be answered must not take the others with it.
            for one, entry in zip(group, entries, strict=True):
                self._assess(loop, [one], [entry])
            return
        # As it is now: it changes with what is committed meanwhile, and this group counts on no more.
        kept = [entry.kept for entry in entries]

        def make() -> tuple[PreparedEntry, ...]:
            rows = zip(group, answers, written, entries, kept, strict=True)
            return prepare_written(
                [
                    entry_of(one.question, one.caller, answer, text, form_of(of, answer), of.state, held, now)
                    for one, answer, text, of, held in rows
                ]
            )

        late = StoreError("the audit log could not be written in time; ask again")
        patience = loop.call_later(PATIENCE_S, fail, group, late)

        def done(future: Future[None]) -> None:
            logged = list(zip(group, written, entries, kept, strict=True))
            _tell(loop, self._deliver, loop, logged, future, patience)

        try:
            self._services.recorder.submit_made(make).add_done_callback(done)
        except StoreError as error:
            patience.cancel()
            fail(group, error)
        else:
            self._writing = True

    def _deliver(
        self,
        loop: asyncio.AbstractEventLoop,
        logged: Sequence[tuple[PendingRequest, Written, Entry, StoredAnswers]],
        future: Future[None],
        patience: asyncio.TimerHandle,
    ) -> None:
        """Hand answers out that are in the log, and go on with those who asked meanwhile."""
        self._writing = False
        # It would keep the answers until it ran out.
        patience.cancel()
        error = future.exception()
        if error is not None:
            for _, _, entry, _ in logged:
                # The database may be away, or be another one when it is back.
                entry.kept = StoredAnswers.NOTHING
            fail([asked for asked, _, _, _ in logged], error)
        else:
            for asked, answer, entry, kept in logged:
                if kept is not StoredAnswers.FORM:
                    entry.kept = max(entry.kept, StoredAnswers(kept + 1))
                asked.answer(answer)
        self._turn_soon(loop)


def _tell(loop: asyncio.AbstractEventLoop, what: Callable[..., None], *arguments: object) -> None:
    """Have the event loop do something; where it is closed, nobody waits any more."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(what, *arguments)


def _refuse_unknown(group: Sequence[PendingRequest]) -> None:
    for asked in group:
        asked.answer(unknown_customer(asked.customer_id))
