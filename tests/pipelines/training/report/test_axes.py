"""Ticks are round and within the range, points fall inside the picture, and words are escaped."""

import math
from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from pipelines.training.report.axes import (
    BOTTOM,
    HEIGHT,
    LEFT,
    RIGHT,
    TOP,
    WIDTH,
    Axis,
    Frame,
    ticks,
    widened,
)
from tests.pipelines.training.report.pages import read_page

FINITE = st.floats(-1e6, 1e6)


@given(low=FINITE, span=st.floats(1e-6, 1e6))
def test_ticks_are_few_evenly_spaced_and_within_the_range(low: float, span: float):
    assume(low + span > low)
    found = ticks(low, low + span)
    assert 1 <= len(found) <= 8
    room = 1e-6 * span + 1e-9 * abs(low)
    assert all(low - room <= tick <= low + span + room for tick in found)
    steps = {round((b - a) / span, 4) for a, b in pairwise(found)}
    assert len(steps) <= 1


@given(values=st.lists(FINITE, max_size=20), from_zero=st.booleans())
def test_a_range_holds_its_values_and_is_never_empty(values: list[float], from_zero: bool):
    positive = [abs(value) for value in values] if from_zero else values
    low, high = widened(positive, from_zero=from_zero)
    assert low < high
    assert all(low <= value <= high for value in positive)


@given(x=FINITE, y=FINITE)
def test_points_fall_inside_the_picture_wherever_they_are(x: float, y: float):
    frame = Frame(Axis(0.0, 1.0, "", str), Axis(-5.0, 5.0, "", str))
    across, up = frame.at(x, y)
    assert LEFT <= across <= WIDTH - RIGHT
    assert TOP <= up <= HEIGHT - BOTTOM


def test_a_higher_value_stands_higher_and_to_the_right():
    frame = Frame(Axis(0.0, 1.0, "", str), Axis(0.0, 1.0, "", str))
    assert frame.at(0.0, 0.0) == (LEFT, HEIGHT - BOTTOM)
    assert frame.at(1.0, 1.0) == (WIDTH - RIGHT, TOP)
    assert math.isclose(frame.at(0.5, 0.5)[0], (LEFT + WIDTH - RIGHT) / 2)


def test_words_are_escaped_and_the_picture_tells_what_it_shows():
    frame = Frame(Axis(0.0, 1.0, "<b>&", str), Axis(0.0, 1.0, "y", str))
    picture = str(frame.draw([], 'a "quoted" <name>'))
    assert "<b>" not in picture
    page = read_page(picture)
    assert (page.pictures, page.silent_pictures) == (1, [])
