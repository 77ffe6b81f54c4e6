"""Asks the batcher as the server does, and waits for what it answers."""

import asyncio
import datetime as dt
from collections.abc import Callable

from serving.audit.answers import Answer
from serving.audit.recorder import Recorder
from serving.callers import Caller
from serving.schemas.questions import AssessmentIn
from serving.store import Store
from serving.usecases.assessment_batcher import AssessmentBatcher
from serving.usecases.assessors import CreditAssessor, FixedAssessor
from serving.usecases.services import CreditServices
from tests.serving.fakes import FakeAssessor

ANNE = Caller("anne", "sales", "key")


def today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


def a_batcher(
    store: Store, assessor: CreditAssessor | None = None, opened: Callable[[], Store] | None = None
) -> AssessmentBatcher:
    """Return a batcher over a store that is open, or that `opened` opens."""
    find = opened or (lambda: store)
    services = CreditServices(find, FixedAssessor(assessor or FakeAssessor()), Recorder(find), today)
    return AssessmentBatcher(services, most_customers=100)


def end(batcher: AssessmentBatcher) -> None:
    """End a batcher with its recorder."""
    batcher.close()
    batcher._services.recorder.close()


def ask(batcher: AssessmentBatcher, question: AssessmentIn) -> asyncio.Task[Answer]:
    """Ask one question on the event loop that runs."""
    return asyncio.ensure_future(batcher.assess(question, ANNE))


def ask_together(batcher: AssessmentBatcher, *questions: AssessmentIn) -> list[Answer | BaseException]:
    """Ask questions at once, and return what is answered to each."""

    async def asked() -> list[Answer | BaseException]:
        return await asyncio.gather(*[ask(batcher, one) for one in questions], return_exceptions=True)

    return asyncio.run(asked())
