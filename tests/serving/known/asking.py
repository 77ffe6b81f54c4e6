"""Asks the desk as the server does, and waits for what it says."""

import asyncio

from serving.api.schemas.questions import AssessmentIn
from serving.api.security import Caller
from serving.known.writing import Written
from serving.services import Services

ANNE = Caller("anne", "sales", "key")


def ask(services: Services, question: AssessmentIn) -> asyncio.Future[Written | Exception]:
    """Ask one question on the event loop that runs."""
    waiting: asyncio.Future[Written | Exception] = asyncio.get_running_loop().create_future()
    services.desk.ask(question, ANNE, waiting.set_result)
    return waiting


def ask_together(services: Services, *questions: AssessmentIn) -> list[Written | Exception]:
    """Ask questions at once, and return what is said to each."""

    async def asked() -> list[Written | Exception]:
        return await asyncio.gather(*[ask(services, one) for one in questions])

    return asyncio.run(asked())
