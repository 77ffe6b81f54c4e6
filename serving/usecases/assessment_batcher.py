"""Score concurrent requests about known customers in micro-batches.

What is cached is computed on the event loop, a few requests at a time, which takes well under a millisecond
each; what is not is read in a thread first; and every answer waits until the audit log's own thread has
committed its entry. While one batch is written the next one gathers: together, requests cost a fifth of what
they cost one by one. So nothing blocks the loop, and nothing is answered that is not in the log.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.errors import StoreError
from serving.audit.answers import Answer, in_force_of, write_answer
from serving.audit.entries import entry_of_answer, new_answer_ids
from serving.store.audit import prepare_written
from serving.usecases.customer_cache import CustomerCache, CustomerReader
from serving.usecases.subjects import unknown_customer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future

    from serving.callers import Caller
    from serving.schemas.questions import AssessmentIn
    from serving.store import PreparedEntry
    from serving.usecases.customer_cache import CachedCustomer, CustomersRead
    from serving.usecases.services import CreditServices

LARGEST_BATCH = 32
"""Requests computed in one turn of the event loop."""
GATHER_S = 0.004
"""The longest that requests wait for as many as there were callers; the event loop goes on meanwhile."""
PATIENCE_S = 30.0


@dataclass(slots=True, eq=False)
class PendingRequest:
    """A request about a known customer that waits for its answer.

    Parameters
    ----------
    answer
        Of the event loop on which the caller waits; cancelled where the caller went away.
    was_read
        Whether the store was asked for the customer already.
    """

    question: AssessmentIn
    caller: Caller
    answer: asyncio.Future[Answer]
    was_read: bool = False

    @property
    def customer_id(self) -> str:
        """Whom it is about."""
        return self.question.customer_id or ""

    def succeed(self, answer: Answer) -> None:
        """Give the caller the answer, unless the request is done."""
        if not self.answer.done():
            self.answer.set_result(answer)

    def fail(self, error: BaseException) -> None:
        """Give the caller an error, unless the request is done."""
        if not self.answer.done():
            told = error if isinstance(error, Exception) else StoreError(f"cut short by {error!r}; ask again")
            self.answer.set_exception(told)


class AssessmentBatcher:
    """Assess known customers; everything but reading and writing happens on one event loop.

    Parameters
    ----------
    services
        The store, the assessor in use, the audit log and the day.
    most_customers
        How many customers are cached.
    """

    def __init__(self, services: CreditServices, most_customers: int) -> None:
        self._services, self._assessors = services, services.assessors
        self._cache = CustomerCache(most_customers)
        self._reader = CustomerReader(services.store, services.assessors)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._gathered: list[PendingRequest] = []
        self._unread: list[PendingRequest] = []
        self._turning: asyncio.Handle | None = None
        self._is_reading = self._is_writing = False
        self._expected = 1
        self._changed, self._generation = threading.Event(), 0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="read")
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="assessments")

    async def assess(self, question: AssessmentIn, caller: Caller) -> Answer:
        """Assess a customer and return the answer once it is in the audit log.

        Raises
        ------
        UnknownCustomerError
            The portfolio does not hold the customer.
        NotPublishedError
            No scores are published yet.
        CreditError
            No model is in charge, the store is away, or the process ends.
        """
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            # Whatever another loop left undone, nobody waits for it any more.
            self._loop, self._gathered, self._unread = loop, [], []
            self._turning, self._is_reading, self._is_writing = None, False, False
        pending = PendingRequest(question, caller, loop.create_future())
        self._gathered.append(pending)
        self._turn_soon(loop)
        return await pending.answer

    def refresh(self) -> None:
        """Read everything anew: this process changed what is in force; may be called from any thread."""
        self._changed.set()

    def close(self) -> None:
        """Read and answer nothing any more."""
        self._thread.shutdown(wait=True, cancel_futures=True)
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _turn_soon(self, loop: asyncio.AbstractEventLoop) -> None:
        """Compute the next batch once the one before is written and all callers came, or in a moment.

        Callers who were answered tend to ask again, and together requests cost less. Who asks alone does not
        wait.
        """
        if not self._gathered or self._is_writing:
            return
        is_full = len(self._gathered) >= self._expected
        if self._turning is None:
            self._turning = (
                loop.call_soon(self._turn, loop) if is_full else loop.call_later(GATHER_S, self._turn, loop)
            )
        elif is_full and isinstance(self._turning, asyncio.TimerHandle):
            self._turning.cancel()
            self._turning = loop.call_soon(self._turn, loop)

    def _turn(self, loop: asyncio.AbstractEventLoop) -> None:
        """Compute a batch of up to `LARGEST_BATCH`, and have read who is not cached."""
        batch, self._gathered = self._gathered[:LARGEST_BATCH], self._gathered[LARGEST_BATCH:]
        self._turning = None
        if self._changed.is_set() or not self._cache.is_of(self._assessors.in_use()):
            self._changed.clear()
            self._generation += 1
            self._cache.forget()
        elif (self._cache.is_due() or self._assessors.is_due()) and not self._is_reading:
            self._read(loop)
        # After a quiet time what is cached may be old: requests wait for which the store was not asked yet.
        is_stale = self._cache.is_stale()
        cached = [
            None if is_stale and not one.was_read else self._cache.get(one.customer_id) for one in batch
        ]
        known = [(one, found) for one, found in zip(batch, cached, strict=True) if found is not None]
        if known:
            self._assess(loop, *zip(*known, strict=True))
        missing = [one for one, found in zip(batch, cached, strict=True) if found is None]
        for one in missing:
            if one.was_read:
                one.fail(unknown_customer(one.customer_id))
        self._unread += [one for one in missing if not one.was_read]
        if self._unread and not self._is_reading:
            self._read(loop)
        self._turn_soon(loop)

    def _read(self, loop: asyncio.AbstractEventLoop) -> None:
        """Read in the thread who is not cached, and whether anything changed."""
        batch, self._unread, self._is_reading = self._unread, [], True
        ids, generation = list(dict.fromkeys(one.customer_id for one in batch)), self._generation
        now = self._cache.now()

        def done(future: Future[CustomersRead]) -> None:
            _call_on(loop, self._keep, loop, batch, future, generation, now)

        try:
            self._thread.submit(self._reader.read, ids).add_done_callback(done)
        except RuntimeError:
            self._is_reading = False
            _fail(batch, StoreError("the process ends; ask again"))

    def _keep(
        self,
        loop: asyncio.AbstractEventLoop,
        batch: Sequence[PendingRequest],
        future: Future[CustomersRead],
        generation: int,
        looked_at: float,
    ) -> None:
        """Cache what was read, and go on with the requests that waited for it."""
        self._is_reading = False
        error = StoreError("the process ends; ask again") if future.cancelled() else future.exception()
        if error is not None:
            self._cache.forget()
            _fail(batch, error)
        elif self._changed.is_set() or generation != self._generation:
            # It was read before what this process changed since: it may be old.
            self._unread += batch
        else:
            self._cache.keep(future.result(), looked_at)
            for one in batch:
                one.was_read = True
            self._gathered += batch
        if self._unread:
            self._read(loop)
        self._turn_soon(loop)

    def _assess(
        self,
        loop: asyncio.AbstractEventLoop,
        batch: Sequence[PendingRequest],
        customers: Sequence[CachedCustomer],
    ) -> None:
        """Compute a batch's answers, and give them to the audit log."""
        now = dt.datetime.now(dt.UTC)
        try:
            answers = self._answers(batch, customers)
        except Exception as error:  # noqa: BLE001  # whatever it is, those who wait must hear of it
            if len(batch) == 1:
                _fail(batch, error)
                return
            # One that cannot be answered must not take the others with it.
            for one, customer in zip(batch, customers, strict=True):
                self._assess(loop, [one], [customer])
            return

        def entries() -> tuple[PreparedEntry, ...]:
            return prepare_written(
                [
                    entry_of_answer(one.caller, "assessment", answer, customer.state, now)
                    for one, answer, customer in zip(batch, answers, customers, strict=True)
                ]
            )

        late = StoreError("the audit log could not be written in time; ask again")
        patience = loop.call_later(PATIENCE_S, _fail, batch, late)

        def done(future: Future[None]) -> None:
            _call_on(loop, self._deliver, loop, batch, answers, future, patience)

        try:
            self._services.recorder.submit_made(entries).add_done_callback(done)
        except StoreError as error:
            patience.cancel()
            _fail(batch, error)
        else:
            self._is_writing = True

    def _answers(self, batch: Sequence[PendingRequest], customers: Sequence[CachedCustomer]) -> list[Answer]:
        assessor, today = self._cache.assessor, self._services.today()
        requests = [one.question.request() for one in batch]
        assessments = assessor.answer([one.known for one in customers], requests, self._executor)
        answers = []
        told = zip(batch, customers, assessments, new_answer_ids(len(batch)), strict=True)
        for one, customer, assessment, answer_id in told:
            in_force = in_force_of(assessment, customer.overrides, today, assessor.policy)
            body = write_answer(assessment, answer_id, in_force)
            answers.append(Answer(answer_id, body, one.question, assessment, in_force))
        return answers

    def _deliver(
        self,
        loop: asyncio.AbstractEventLoop,
        batch: Sequence[PendingRequest],
        answers: Sequence[Answer],
        future: Future[None],
        patience: asyncio.TimerHandle,
    ) -> None:
        """Hand out answers that are in the log, and go on with the requests that came meanwhile."""
        self._is_writing = False
        # So many callers are there: these may ask again, and those wait.
        self._expected = min(len(batch) + len(self._gathered), LARGEST_BATCH)
        # It would keep the answers until it ran out.
        patience.cancel()
        error = future.exception()
        if error is not None:
            _fail(batch, error)
        else:
            for one, answer in zip(batch, answers, strict=True):
                one.succeed(answer)
        self._turn_soon(loop)


def _fail(batch: Sequence[PendingRequest], error: BaseException) -> None:
    for one in batch:
        one.fail(error)


def _call_on(loop: asyncio.AbstractEventLoop, what: Callable[..., None], *arguments: object) -> None:
    """Have the event loop call something; where it is closed, nobody waits any more."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(what, *arguments)
