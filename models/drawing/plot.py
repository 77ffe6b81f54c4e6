"""A chart with two axes: scales, round ticks, grid, and marks placed in the units of the axes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.drawing.canvas import Canvas

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from markupsafe import Markup

WIDTH, HEIGHT = 420.0, 300.0
LEFT, RIGHT, TOP, BOTTOM = 56.0, 22.0, 10.0, 46.0
TICKS = 5
DOT = 3.0


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis: its range, its title, and the format of its ticks."""

    low: float
    high: float
    title: str
    write: Callable[[float], str]

    def place(self, value: float, start: float, end: float) -> float:
        """Return the position of a value between two ends of the chart, clipped to the range."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return start + share * (end - start)


class Plot:
    """A chart with two axes; text is relatively larger in a smaller chart.

    Parameters
    ----------
    title
        Text alternative of the chart.
    left
        Room for the ticks of the vertical axis, in the chart's units.
    """

    def __init__(
        self,
        x: Axis,
        y: Axis,
        title: str,
        width: float = WIDTH,
        height: float = HEIGHT,
        left: float = LEFT,
    ) -> None:
        self.x, self.y = x, y
        self._left, self._right, self._bottom = left, width - RIGHT, height - BOTTOM
        self._canvas = Canvas("plot", height, title, width=width)
        self._axes()

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return the position of a point, in the chart's units."""
        return self.x.place(x, self._left, self._right), self.y.place(y, self._bottom, TOP)

    def line(self, x: Iterable[float], y: Iterable[float], name: str) -> None:
        """Draw a line through points."""
        self._canvas.polyline((self.at(*point) for point in zip(x, y, strict=True)), name)

    def dots(self, x: Iterable[float], y: Iterable[float], name: str, radius: float = DOT) -> None:
        """Draw points."""
        for point in zip(x, y, strict=True):
            self._canvas.circle(*self.at(*point), radius, name)

    def whisker(self, x: float, low: float, high: float) -> None:
        """Draw a vertical line between two values."""
        (across, bottom), (_, top) = self.at(x, low), self.at(x, high)
        self._canvas.line(across, bottom, across, top, "whisker")

    def diagonal(self) -> None:
        """Draw the line on which both axes are equal."""
        ends = (max(self.x.low, self.y.low), min(self.x.high, self.y.high))
        self.line(ends, ends, "diagonal")

    def svg(self) -> Markup:
        """Return the finished chart."""
        return self._canvas.svg()

    def _axes(self) -> None:
        canvas, bottom = self._canvas, self._bottom
        for tick in ticks(self.y.low, self.y.high):
            _, y = self.at(self.x.low, tick)
            canvas.line(self._left, y, self._right, y, "grid")
            canvas.text(self._left - 6, y + 4, self.y.write(tick), anchor="end")
        for tick in ticks(self.x.low, self.x.high):
            x, _ = self.at(tick, self.y.low)
            canvas.line(x, bottom, x, bottom + 4, "tick")
            canvas.text(x, bottom + 17, self.x.write(tick), anchor="middle")
        canvas.line(self._left, bottom, self._right, bottom, "axis")
        canvas.text((self._left + self._right) / 2, canvas.height - 8, self.x.title, anchor="middle")
        canvas.text(13, (TOP + bottom) / 2, self.y.title, anchor="middle", turned=True)


def ticks(low: float, high: float, count: int = TICKS) -> list[float]:
    """Return about `count` round values between two ends, in steps of 1, 2 or 5 times a power of ten.

    Examples
    --------
    >>> ticks(0.0, 1.0)
    [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    >>> ticks(-3.0, 12.0)
    [0.0, 5.0, 10.0]
    """
    rough = (high - low) / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * (1 - 1e-9))
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [round(number * step, 12) for number in range(first, last + 1)]


def widened(values: Sequence[float], *, from_zero: bool = False) -> tuple[float, float]:
    """Return a non-empty range of the values with a margin."""
    low, high = min(values, default=0.0), max(values, default=0.0)
    room = (high - low) * 0.05 or abs(high) * 0.05 or 1.0
    return (0.0 if from_zero else low - room), high + room
