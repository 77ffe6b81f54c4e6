"""Charts are well-formed, say in words what they show, and keep inside their frame."""

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.monitoring.charts import HEIGHT, WIDTH, months_chart, shares_chart
from tests.pipelines.monitoring.builders import a_cohort

SHARES = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=12)


def of_class(svg: ET.Element, tag: str, name: str) -> list[ET.Element]:
    return [one for one in svg.iter(tag) if one.get("class") == name]


def test_each_month_has_its_interval_its_realised_and_its_predicted_share():
    drawn = ET.fromstring(months_chart([a_cohort(1, 0.1, 0.12), a_cohort(2, 0.2, 0.1)], "deux mois"))
    assert len(of_class(drawn, "circle", "realised")) == len(of_class(drawn, "rect", "predicted")) == 2
    assert len(of_class(drawn, "line", "realised")) == 6
    high, low = (float(one.get("y", "")) for one in of_class(drawn, "rect", "predicted"))
    assert high > low  # 20 % stands above 10 %


def test_a_chart_says_in_words_what_it_shows():
    text = "prédit < réalisé & plus"
    for chart in (months_chart([a_cohort(1, 0.1, 0.1)], text), shares_chart([0.5], [0.5], ["1"], text)):
        drawn = ET.fromstring(chart)
        assert drawn.get("role") == "img"
        assert drawn.findtext("title") == text


@given(SHARES)
def test_bars_stand_on_the_base_line_inside_the_frame(shares: list[tuple[float, float]]):
    before, now = zip(*shares, strict=True)
    drawn = ET.fromstring(shares_chart(before, now, [str(place) for place in range(len(before))], "parts"))
    boxes = of_class(drawn, "rect", "before") + of_class(drawn, "rect", "now")
    assert len(boxes) == 2 * len(shares)
    for box in boxes:
        x, y, width, height = (float(box.get(name, "")) for name in ("x", "y", "width", "height"))
        assert 0 <= x <= x + width <= WIDTH
        assert y >= 0
        assert y + height == pytest.approx(HEIGHT - 28, abs=0.11)


def test_many_months_do_not_write_over_one_another():
    months = [a_cohort(place % 12 + 1, 0.1, 0.1) for place in range(40)]
    assert len(list(ET.fromstring(months_chart(months, "")).iter("text"))) <= 12 + 2
