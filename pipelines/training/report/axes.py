"""Axes of a chart: scales, round ticks, grid, and the frame as SVG.

Charts are drawn by our own code so that they use the page's language, print sharply and stay small. Owns the
frame; `charts` draws the contents.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Write = Callable[[float], str]

WIDTH, HEIGHT = 420, 300
LEFT, RIGHT, TOP, BOTTOM = 56, 22, 10, 46
TICKS = 5


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis: its range, its title, and the format of its ticks."""

    low: float
    high: float
    title: str
    write: Write

    def ticks(self) -> list[float]:
        """Return round values within the range."""
        return ticks(self.low, self.high)

    def place(self, value: float, start: float, end: float) -> float:
        """Return the position of a value between two ends of the chart, clipped to the range."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return round(start + share * (end - start), 2)


@dataclass(frozen=True, slots=True)
class Frame:
    """A chart's two axes and its size; text is relatively larger in a smaller chart."""

    x: Axis
    y: Axis
    width: int = WIDTH
    height: int = HEIGHT

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return the position of a point, in the chart's units."""
        return self.x.place(x, LEFT, self.width - RIGHT), self.y.place(y, self.height - BOTTOM, TOP)

    def draw(self, marks: Iterable[str], alt: str) -> Markup:
        """Return the chart with its marks.

        Parameters
        ----------
        marks
            SVG elements in the chart's units.
        alt
            Text alternative of the chart.
        """
        parts = [*self._grid(), *marks, *self._titles()]
        head = f'<svg viewBox="0 0 {self.width} {self.height}" role="img" aria-label="{escape(alt)}">'
        return Markup(head + "".join(parts) + "</svg>")  # noqa: S704  # texts are escaped above and below

    def _grid(self) -> Iterable[str]:
        bottom, right = self.height - BOTTOM, self.width - RIGHT
        for tick in self.y.ticks():
            _, y = self.at(self.x.low, tick)
            yield f'<line class="grid" x1="{LEFT}" x2="{right}" y1="{y}" y2="{y}"/>'
            yield _text(LEFT - 6, y + 4, "end", self.y.write(tick))
        for tick in self.x.ticks():
            x, _ = self.at(tick, self.y.low)
            yield f'<line class="tick" x1="{x}" x2="{x}" y1="{bottom}" y2="{bottom + 4}"/>'
            yield _text(x, bottom + 17, "middle", self.x.write(tick))
        yield f'<line class="axis" x1="{LEFT}" x2="{right}" y1="{bottom}" y2="{bottom}"/>'

    def _titles(self) -> Iterable[str]:
        yield _text((LEFT + self.width - RIGHT) / 2, self.height - 8, "middle", self.x.title)
        middle = (TOP + self.height - BOTTOM) / 2
        turned = f'transform="rotate(-90 13 {middle})"'
        yield f'<text x="13" y="{middle}" text-anchor="middle" {turned}>{escape(self.y.title)}</text>'


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


def widened(values: Iterable[float], *, from_zero: bool = False) -> tuple[float, float]:
    """Return a non-empty range of the values with a margin."""
    known = list(values) or [0.0]
    low, high = min(known), max(known)
    room = (high - low) * 0.05 or abs(high) * 0.05 or 1.0
    return (0.0 if from_zero else low - room), high + room


def _text(x: float, y: float, anchor: str, words: str) -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}">{escape(words)}</text>'
