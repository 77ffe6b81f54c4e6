"""Settings of the property tests: no deadline, since a busy machine is not a fault of the code.

`--hypothesis-profile=thorough` tries ten times as many examples, before a release.
"""

from hypothesis import settings

settings.register_profile("house", deadline=None, max_examples=40)
settings.register_profile("thorough", deadline=None, max_examples=400)
settings.load_profile("house")
