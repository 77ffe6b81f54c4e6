"""An application that takes its time over each answer, for tests of a real process."""

import time
from collections.abc import Sequence
from concurrent.futures import Executor

from fastapi import FastAPI

from models.assessment import Assessment, CreditRequest
from serving.app import create_app as the_real_one
from serving.settings import Settings
from serving.store import open_store
from tests.serving.fakes import FakeAssessor, FakeKnown


class SlowAssessor(FakeAssessor):
    """Takes a twentieth of a second over a group."""

    def answer(
        self,
        customers: Sequence[FakeKnown],
        requests: Sequence[CreditRequest],
        beside: Executor | None = None,
    ) -> list[Assessment]:
        time.sleep(0.05)
        return super().answer(customers, requests, beside)


def create_app() -> FastAPI:
    """Build it; the environment says where the store is."""
    settings = Settings(_env_file=None)
    return the_real_one(settings, SlowAssessor(), open_store(settings.store_url))
