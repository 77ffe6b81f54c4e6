"""Patience has bounds: waits grow but never without end, turns keep their distance, a pause ends."""

import datetime as dt
import random
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from serving.registers.throttling import (
    FAILURES_BEFORE_A_PAUSE,
    FIRST_WAIT_S,
    LONGEST_WAIT_S,
    PAUSE_S,
    CircuitBreaker,
    RateLimiter,
    backoff_s,
    retry_after_s,
)


@given(st.integers(1, 40), st.integers())
def test_a_wait_lies_between_half_and_the_whole_of_a_time_that_doubles(attempt: int, seed: int):
    whole = min(FIRST_WAIT_S * 2.0 ** (attempt - 1), LONGEST_WAIT_S)
    assert whole / 2 <= backoff_s(attempt, random.Random(seed)) <= whole


@given(st.lists(st.floats(0, 3), max_size=30), st.floats(0.5, 20))
def test_turns_are_never_nearer_than_the_rate_allows(pauses: list[float], per_s: float):
    at = [0.0]

    def sleep(seconds: float) -> None:
        at[0] += seconds

    pace = RateLimiter(per_s, lambda: at[0], sleep)
    turns = []
    for pause in pauses:
        at[0] += pause
        assert pace.wait(1e9)
        turns.append(at[0])
    assert all(later - earlier >= 1 / per_s - 1e-9 for earlier, later in pairwise(turns))


def test_a_turn_that_comes_too_late_is_not_waited_for():
    slept = []
    pace = RateLimiter(1.0, lambda: 0.0, slept.append)
    pace.hold(10)
    assert not pace.wait(5)
    assert slept == []
    assert pace.wait(10)


def test_a_success_forgets_failures_and_a_pause_ends():
    at = [0.0]
    breaker = CircuitBreaker(lambda: at[0])
    for _ in range(FAILURES_BEFORE_A_PAUSE - 1):
        breaker.failed()
    breaker.answered()
    breaker.failed()
    assert breaker.open_for() == 0
    for _ in range(FAILURES_BEFORE_A_PAUSE - 1):
        breaker.failed()
    assert breaker.open_for() == PAUSE_S
    at[0] += PAUSE_S
    assert breaker.open_for() == 0


@given(st.text(max_size=40))
def test_a_retry_after_of_any_text_is_nothing_or_no_less_than_nothing(header: str):
    found = retry_after_s(header, dt.datetime(2026, 3, 2, tzinfo=dt.UTC))
    assert found is None or found >= 0
