"""Ticks are round and within the range, points fall inside the chart, and texts are escaped."""

import math
from itertools import pairwise
from xml.etree.ElementTree import fromstring

from hypothesis import assume, given
from hypothesis import strategies as st

from models.drawing.plot import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Axis, Plot, ticks, widened

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
def test_points_fall_inside_the_chart_wherever_they_are(x: float, y: float):
    plot = Plot(Axis(0.0, 1.0, "", str), Axis(-5.0, 5.0, "", str), "t")
    across, up = plot.at(x, y)
    assert LEFT <= across <= WIDTH - RIGHT
    assert TOP <= up <= HEIGHT - BOTTOM


def test_a_higher_value_is_higher_and_to_the_right():
    plot = Plot(Axis(0.0, 1.0, "", str), Axis(0.0, 1.0, "", str), "t")
    assert plot.at(0.0, 0.0) == (LEFT, HEIGHT - BOTTOM)
    assert plot.at(1.0, 1.0) == (WIDTH - RIGHT, TOP)
    assert math.isclose(plot.at(0.5, 0.5)[0], (LEFT + WIDTH - RIGHT) / 2)


def test_marks_lie_where_the_axes_place_them():
    plot = Plot(Axis(0.0, 1.0, "", str), Axis(0.0, 2.0, "", str), "t")
    plot.diagonal()
    plot.line([0.0, 1.0], [0.0, 2.0], "first")
    plot.dots([1.0], [2.0], "out")
    plot.whisker(0.0, 0.0, 2.0)
    svg = fromstring(str(plot.svg()))
    diagonal, line = (one.get("points") for one in svg.iter("polyline"))
    assert diagonal == "56.00,254.00 398.00,132.00"
    assert line == "56.00,254.00 398.00,10.00"
    (dot,) = svg.iter("circle")
    assert (dot.get("cx"), dot.get("cy"), dot.get("class")) == ("398", "10", "out")
    (whisker,) = (one for one in svg.iter("line") if one.get("class") == "whisker")
    assert [whisker.get(end) for end in ("x1", "y1", "x2", "y2")] == ["56", "254", "56", "10"]


def test_texts_are_escaped_and_the_chart_has_a_name():
    svg = str(Plot(Axis(0.0, 1.0, "<b>&", str), Axis(0.0, 1.0, "y", str), 'a "quoted" <name>').svg())
    assert "<b>" not in svg
    assert fromstring(svg).findtext("title") == 'a "quoted" <name>'
