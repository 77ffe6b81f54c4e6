"""Settings of the property tests, of the garbage collector, and of what a password costs.

No property has a deadline, since a busy machine is not a fault of the code; `--hypothesis-profile=thorough`
tries ten times as many examples, before a release. What the collection of the tests has made lives until the
end: without `gc.freeze` each collection of garbage walks through half a million of its objects. A password is
hashed at the least cost, and the tables of a store are made without the migrations: users who sign in and
stores are made hundreds of times.
"""

import gc
from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher, profiles
from hypothesis import settings

from serving.store import passwords
from tests.migrated import tables_made_once

settings.register_profile("house", deadline=None, max_examples=40)
settings.register_profile("thorough", deadline=None, max_examples=400)
settings.load_profile("house")


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    hasher = PasswordHasher.from_parameters(profiles.CHEAPEST)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", lambda: hasher)
        yield


@pytest.fixture(scope="session", autouse=True)
def quick_tables() -> Iterator[None]:
    with tables_made_once():
        yield
