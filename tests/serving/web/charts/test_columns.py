import re

from serving.web.charts.columns import ColumnPart, MonthColumn, columns


def test_parts_stack_and_every_one_is_a_named_link():
    low = ColumnPart(25.0, "plain", "/?grade=E", "Note E & plus")
    high = ColumnPart(75.0, "plain", "/?grade=A", "Note A")
    found = columns(
        [MonthColumn("08/2026", "?", ()), MonthColumn("09/2026", "100", (low, high))], "t", "s", ("m", "v")
    )
    svg = str(found.svg)
    assert 'role="group"' in svg
    assert re.findall(r'<a href="([^"]+)" aria-label="([^"]+)"', svg) == [
        ("/?grade=E", "Note E &amp; plus"),
        ("/?grade=A", "Note A"),
    ]
    rects = [
        (float(y), float(height))
        for y, height in re.findall(r'<rect x="[\d.]+" y="([\d.]+)".*?height="([\d.]+)"', svg)
    ]
    (low_y, low_height), (high_y, high_height) = rects
    assert high_height == 3 * low_height
    assert high_y + high_height == low_y
    assert found.rows == (("08/2026", "?"), ("09/2026", "100"))


def test_months_without_a_value_draw_nothing():
    found = columns([MonthColumn("08/2026", "?", ())], "t", "s", ("m", "v"))
    assert "<rect" not in found.svg
