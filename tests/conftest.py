"""Settings of the property tests, and of the garbage collector.

No property has a deadline, since a busy machine is not a fault of the code; `--hypothesis-profile=thorough`
tries ten times as many examples, before a release. What the collection of the tests has made lives until the
end: without `gc.freeze` each collection of garbage walks through half a million of its objects.
"""

import gc

from hypothesis import settings

settings.register_profile("house", deadline=None, max_examples=40)
settings.register_profile("thorough", deadline=None, max_examples=400)
settings.load_profile("house")


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()
