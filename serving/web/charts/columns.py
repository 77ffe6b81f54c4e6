"""Figures month by month as columns, each of them a link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.drawing.canvas import WIDTH, Canvas, Picture

if TYPE_CHECKING:
    from collections.abc import Sequence

HEIGHT = 150.0
_TOP, _BOTTOM = 18.0, 20.0
_MOST_LABELS = 6


@dataclass(frozen=True, slots=True)
class ColumnPart:
    """One part of a column, or all of it.

    Parameters
    ----------
    value
        What its height shows, from 0.
    name
        A class for the stylesheet.
    address, label
        Where it leads, and what a screen reader says of it.
    """

    value: float
    name: str
    address: str
    label: str


@dataclass(frozen=True, slots=True)
class MonthColumn:
    """One month.

    Parameters
    ----------
    label
        The month.
    figure
        Its value as it is written.
    parts
        From the bottom to the top; empty where the month is unknown.
    """

    label: str
    figure: str
    parts: tuple[ColumnPart, ...]


def columns(found: Sequence[MonthColumn], title: str, sentence: str, head: tuple[str, str]) -> Picture:
    """Draw columns side by side, the last one with its figure.

    Parameters
    ----------
    found
        At least one, the oldest first.
    head
        What labels and figures are called in the table.
    """
    canvas = Canvas("columns", HEIGHT, title, sentence, role="group")
    most = max((sum(part.value for part in one.parts) for one in found), default=0.0) or 1.0
    step, floor = WIDTH / len(found), HEIGHT - _BOTTOM
    every = -(-len(found) // _MOST_LABELS)
    for place, one in enumerate(found):
        x, y = step * (place + 0.15), floor
        for part in one.parts:
            height = (floor - _TOP) * part.value / most
            y -= height
            with canvas.link(part.address, part.label):
                canvas.rect(x, y, step * 0.7, height, part.name)
        if (len(found) - 1 - place) % every == 0:
            middle = min(max(x + step * 0.35, 20.0), WIDTH - 22)
            canvas.text(middle, HEIGHT - 5, one.label, "small", "middle")
    canvas.line(0, floor, WIDTH, floor, "axis")
    # Above the highest column: a figure is wider than a column.
    canvas.text(WIDTH, _TOP - 6, found[-1].figure, "figure", "end")
    return canvas.picture(head, [(one.label, one.figure) for one in found])
