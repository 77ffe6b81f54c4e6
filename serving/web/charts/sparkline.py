"""How one figure went from night to night, as a small line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.drawing.canvas import WIDTH, Canvas, Picture

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from serving.web.words import Words

HEIGHT = 64.0
_EDGE, _TOP, _BOTTOM = 5.0, 8.0, 20.0


@dataclass(frozen=True, slots=True)
class Point:
    """A figure on a day, and how it is written."""

    day: dt.date
    value: float
    figure: str


def sparkline(points: Sequence[Point], title: str, w: Words) -> Picture:
    """Draw a figure over days, the oldest first.

    Parameters
    ----------
    points
        At least one; one alone is a dot.
    """
    first, last = points[0], points[-1]
    sentence = w(
        "sparkline.sentence",
        title=title,
        before=first.figure,
        since=w.day(first.day),
        after=last.figure,
        until=w.day(last.day),
    )
    canvas = Canvas("sparkline", HEIGHT, title, sentence)
    low, high = min(point.value for point in points), max(point.value for point in points)
    start, span = first.day.toordinal(), max((last.day - first.day).days, 1)

    def place(point: Point) -> tuple[float, float]:
        across = (point.day.toordinal() - start) / span if len(points) > 1 else 0.5
        up = (point.value - low) / (high - low) if high > low else 0.5
        x = _EDGE + min(max(across, 0.0), 1.0) * (WIDTH - 2 * _EDGE)
        return x, _TOP + (1.0 - up) * (HEIGHT - _TOP - _BOTTOM)

    if len(points) > 1:
        canvas.polyline([place(point) for point in points], "trend")
    canvas.circle(*place(last), 3.5, "last")
    canvas.text(0, HEIGHT - 3, f"{w.day(first.day)} · {first.figure}", "small")
    if len(points) > 1:
        canvas.text(WIDTH, HEIGHT - 3, f"{w.day(last.day)} · {last.figure}", "small", "end")
    head = (w("sparkline.day"), w("sparkline.figure"))
    return canvas.picture(head, [(w.day(point.day), point.figure) for point in points])
