"""Receipts week by week: a column for what is expected, and a line from P10 to P90, each of them a link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.drawing.canvas import WIDTH, Canvas, Picture

if TYPE_CHECKING:
    from collections.abc import Sequence

HEIGHT = 170.0
_TOP, _BOTTOM, _CAP = 10.0, 20.0, 3.0
_EVERY = 2
"""One label every so many weeks: a date is wider than a column."""


@dataclass(frozen=True, slots=True)
class WeekBand:
    """One week.

    Parameters
    ----------
    label, title
        Its first day in short, and what a screen reader says of it.
    cells
        Its row in the table.
    expected, low, high
        What its column and its line show, from 0.
    """

    label: str
    title: str
    address: str
    cells: tuple[str, ...]
    expected: float
    low: float
    high: float


def week_bands(weeks: Sequence[WeekBand], title: str, sentence: str, head: Sequence[str]) -> Picture:
    """Draw weeks side by side.

    Parameters
    ----------
    weeks
        At least one, the first one first.
    """
    canvas = Canvas("columns bands", HEIGHT, title, sentence, role="group")
    most = max(max(one.expected, one.high) for one in weeks) or 1.0
    step, floor = WIDTH / len(weeks), HEIGHT - _BOTTOM

    def height(value: float) -> float:
        return floor - (floor - _TOP) * value / most

    for place, one in enumerate(weeks):
        x = step * (place + 0.15)
        with canvas.link(one.address, one.title):
            canvas.rect(x, height(one.expected), step * 0.7, floor - height(one.expected), "plain")
        middle, low, high = x + step * 0.35, height(one.low), height(one.high)
        canvas.line(middle, low, middle, high, "band")
        for end in (low, high):
            canvas.line(middle - _CAP, end, middle + _CAP, end, "band")
        if place % _EVERY == 0:
            canvas.text(max(middle, 16.0), HEIGHT - 5, one.label, "small", "middle")
    canvas.line(0, floor, WIDTH, floor, "axis")
    return canvas.picture(head, [one.cells for one in weeks])
