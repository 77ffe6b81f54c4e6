from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.api.middleware.rate_limits import TokenBuckets
from serving.api.middleware.time_table import TimeTable
from serving.api.problems import Problem


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_full_bucket_is_emptied_and_fills_again_evenly():
    clock = Seconds()
    buckets = TokenBuckets(60, 3, clock)
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, pytest.approx(1)]
    clock.now = 0.5
    assert buckets.take("a") == pytest.approx(0.5)
    clock.now = 1.0
    assert buckets.take("a") == 0
    clock.now = 1000.0
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, pytest.approx(1)]


def test_one_name_never_empties_anothers_bucket():
    buckets = TokenBuckets(1, 1, Seconds())
    assert buckets.take("a") == 0
    assert buckets.take("a") > 0
    assert buckets.take("b") == 0


def test_nothing_is_limited_at_a_rate_of_0():
    buckets = TokenBuckets(0, 1, Seconds())
    assert {buckets.take("a") for _ in range(100)} == {0}


@given(st.lists(st.floats(0, 30), min_size=1, max_size=200))
def test_no_more_pass_than_the_burst_and_what_flowed_back(pauses: list[float]):
    clock = Seconds()
    buckets = TokenBuckets(60, 5, clock)
    passed = 0
    for pause in pauses:
        clock.now += pause
        passed += buckets.take("a") == 0
        assert passed <= 5 + clock.now + 1e-6


def test_whoever_waits_as_long_as_told_passes():
    clock = Seconds()
    buckets = TokenBuckets(7, 2, clock)
    for _ in range(50):
        wait = buckets.take("a")
        if wait:
            clock.now += wait + 1e-9
            assert buckets.take("a") == 0


def test_beyond_the_limit_is_429_and_says_when_to_ask_again():
    buckets = TokenBuckets(2, 1, Seconds())
    buckets.require("a", "b")
    with pytest.raises(Problem) as raised:
        buckets.require("b", "c")
    assert raised.value.status == 429
    assert raised.value.headers == {"Retry-After": "31"}


def test_what_is_refused_by_one_name_takes_nothing_from_another():
    buckets = TokenBuckets(1, 2, Seconds())
    assert [buckets.take("address", "name") > 0 for _ in range(9)] == [False, False] + [True] * 7
    assert [buckets.take("other", "name") > 0, buckets.take("other") > 0] == [True, False]


@given(st.integers(1, 40), st.integers(1, 9))
def test_many_asked_at_once_count_as_if_they_were_asked_one_by_one(count: int, burst: int):
    clock = Seconds()
    buckets = TokenBuckets(60, burst, clock)
    assert buckets.take("a", count=count) == 0
    assert buckets.take("b", count=count) == 0
    wait = buckets.take("a")
    assert wait == pytest.approx(max(count + 1 - burst, 0))
    if wait:
        clock.now += wait + 1e-9
        assert buckets.take("a") == 0


def test_processes_that_share_a_table_share_the_buckets_of_a_kind(tmp_path: Path):
    clock, path = Seconds(), tmp_path / "limits"
    one, other = (TokenBuckets(60, 3, clock, TimeTable(path), "caller") for _ in range(2))
    assert [one.take("a"), other.take("a"), one.take("a")] == [0, 0, 0]
    assert other.take("a") == pytest.approx(1)
    other.give_back("a")
    assert one.take("a") == 0
    assert TokenBuckets(60, 3, clock, TimeTable(path), "stranger").take("a") == 0


def test_a_token_given_back_is_there_again_and_a_bucket_never_overflows():
    buckets = TokenBuckets(1, 2, Seconds())
    assert [buckets.take("a"), buckets.take("a")] == [0, 0]
    buckets.give_back("a")
    assert buckets.take("a") == 0
    assert buckets.take("a") > 0
    for _ in range(5):
        buckets.give_back("a")
    buckets.give_back("never seen")
    assert [buckets.take("a") > 0 for _ in range(3)] == [False, False, True]
