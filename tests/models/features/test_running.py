import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.features.running import NEVER, Stream, day_numbers, ordered, quantiles, ratio

EVENTS = st.lists(
    st.tuples(st.integers(-1, 4), st.integers(0, 40), st.integers(-(10**12), 10**12)), max_size=40
)


def a_stream(events: list[tuple[int, int, int]]) -> Stream:
    table = np.array(events, dtype=np.int64).reshape(-1, 3)
    return Stream.of(table[:, 0], table[:, 1], {"value": table[:, 2]})


def one(number: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array([number], dtype=np.int64)


@given(events=EVENTS, owner=st.integers(0, 4), first=st.integers(-50, 50), last=st.integers(-50, 50))
def test_a_window_s_sum_is_exactly_the_sum_of_its_events(
    events: list[tuple[int, int, int]], owner: int, first: int, last: int
):
    stream = a_stream(events)
    begin = np.maximum(stream.upto(one(owner), one(first)), stream.start(one(owner)))
    stop = np.maximum(stream.upto(one(owner), one(last)), begin)
    inside = [value for who, day, value in events if who == owner and max(first, -1) < day <= last]
    expected = sum(value for who, day, value in events if who == owner and max(first, 0) < day <= last)
    if first < 0:  # a day before the epoch is its first day: no ledger holds one
        return
    assert stream.total("value", begin, stop)[0] == expected == sum(inside)


@given(events=EVENTS, owner=st.integers(0, 4), day=st.integers(0, 50), count=st.integers(1, 5))
def test_the_last_values_come_latest_first_and_never_from_another_owner(
    events: list[tuple[int, int, int]], owner: int, day: int, count: int
):
    stream = a_stream(events)
    found = stream.last("value", stream.start(one(owner)), stream.upto(one(owner), one(day)), count)[0]
    mine = [(when, place) for place, (who, when, _) in enumerate(events) if who == owner and when <= day]
    expected = [float(events[place][2]) for _, place in sorted(mine)][::-1][:count]
    assert found[: len(expected)].tolist() == expected
    assert np.isnan(found[len(expected) :]).all()


@given(events=EVENTS, day=st.integers(0, 50))
def test_a_stream_cut_at_a_day_gives_the_same_sums_up_to_it(events: list[tuple[int, int, int]], day: int):
    whole, known = a_stream(events), a_stream([event for event in events if event[1] <= day])
    owners = np.arange(5)
    when = np.full(5, day)
    for stream in (whole, known):
        assert (stream.upto(owners, when) >= stream.start(owners)).all()
    sums = [
        stream.total("value", stream.start(owners), stream.upto(owners, when)) for stream in (whole, known)
    ]
    assert np.array_equal(*sums)


def test_what_never_happens_is_no_event():
    stream = Stream.of(np.array([0, 0]), np.array([5, NEVER]), {"value": np.array([1, 2])})
    assert len(stream.keys) == 1


def test_events_of_one_day_stay_in_the_order_they_come_in():
    stream = Stream.of(np.array([1, 0, 1, 1]), np.full(4, 9), {"value": np.array([3, 7, 1, 2])})
    assert stream.values["value"].tolist() == [7, 3, 1, 2]


@given(keys=st.lists(st.integers(-(2**40), 2**61), max_size=50))
def test_keys_are_sorted_with_equal_ones_as_they_came(keys: list[int]):
    order, found = ordered(np.array(keys, dtype=np.int64))
    assert order.tolist() == sorted(range(len(keys)), key=lambda place: keys[place])
    assert found.tolist() == sorted(keys)


def test_the_first_and_last_day_are_unknown_without_an_event():
    stream = a_stream([(0, 3, 1), (0, 8, 1), (2, 5, 1)])
    owners, day = np.array([0, 1, 2]), np.full(3, 20)
    start, stop = stream.start(owners), stream.upto(owners, day)
    assert np.array_equal(stream.first_day(start, stop), [3.0, np.nan, 5.0], equal_nan=True)
    assert np.array_equal(stream.day_before(start, stop), [8.0, np.nan, 5.0], equal_nan=True)


def test_an_empty_date_is_never_and_hours_do_not_move_a_day():
    dates = np.array(["1970-01-02T23:59:59", "NaT"], dtype="datetime64[s]")
    assert day_numbers(dates).tolist() == [1, NEVER]


def test_dividing_by_nothing_or_less_is_unknown():
    assert np.isnan(ratio(np.array([1.0, 1.0, 0.0]), np.array([0.0, -2.0, 0.0]))).all()


@given(
    rows=st.lists(st.lists(st.integers(-100, 100), max_size=6), min_size=1, max_size=5), share=st.floats(0, 1)
)
def test_a_quantile_is_numpy_s_over_the_known_values(rows: list[list[int]], share: float):
    table = np.full((len(rows), 6), np.nan)
    for place, row in enumerate(rows):
        table[place, : len(row)] = row
    (found,) = quantiles(table, share)
    for place, row in enumerate(rows):
        expected = np.quantile(row, share) if row else np.nan
        assert np.isclose(found[place], expected, equal_nan=True, atol=1e-9)
