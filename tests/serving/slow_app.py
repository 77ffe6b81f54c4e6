"""An application that takes its time over each answer, for tests of a real process."""

import time
from collections.abc import Sequence

from fastapi import FastAPI

from models.assessment.assessment import CreditRequest
from serving.app import create_app as the_real_one
from serving.settings import Settings
from serving.store import open_store
from tests.serving.fakes import FakeAssessor


class SlowAssessor(FakeAssessor):
    """Takes a twentieth of a second over a group."""

    def before_a_group(self, requests: Sequence[CreditRequest]) -> None:
        time.sleep(0.05)


def create_app() -> FastAPI:
    """Build it; the environment says where the store is."""
    settings = Settings(_env_file=None)
    return the_real_one(settings, SlowAssessor(), open_store(settings.store_url))
