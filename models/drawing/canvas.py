"""A chart under way: SVG elements with a title, and the figures it shows as a table.

Colours and strokes are the stylesheet's, by class: no element has a style, so that pages can forbid inline
styles. Built as elements, so that every chart is well-formed and every text escaped.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, tostring

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

WIDTH = 360.0
"""Width of the pages' charts, in their own units: a phone's, so that letters are read there as drawn."""
HAIRLINE = 0.5
"""The least width and height of a rectangle."""
LETTER = 6.4
"""Upper estimate of the mean width of a letter of 12 units."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart with its text alternatives.

    Parameters
    ----------
    svg
        The chart, ready to include in a page.
    sentence
        What it shows, in one sentence.
    head, rows
        The figures it shows, as a table; every row is as long as the head.
    """

    svg: Markup
    sentence: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Canvas:
    """A chart to draw on; y grows downwards.

    Parameters
    ----------
    name
        Class of the chart, for the stylesheet.
    title, sentence
        Name and description for screen readers.
    role
        `img`, or `group` for a chart with links, which a picture would hide from screen readers.
    """

    def __init__(
        self,
        name: str,
        height: float,
        title: str,
        sentence: str = "",
        width: float = WIDTH,
        role: str = "img",
    ) -> None:
        self.width, self.height = width, height
        self._sentence = sentence
        box = f"0 0 {width:g} {height:g}"
        self._svg = Element("svg", {"class": f"chart {name}", "viewBox": box, "role": role})
        self._parent = self._svg
        SubElement(self._svg, "title").text = title
        if sentence:
            SubElement(self._svg, "desc").text = sentence

    @contextmanager
    def link(self, address: str, label: str) -> Iterator[None]:
        """Make what is drawn in the block a link; `label` is its name for screen readers."""
        self._parent = SubElement(self._svg, "a", {"href": address, "aria-label": label})
        SubElement(self._parent, "title").text = label
        yield
        self._parent = self._svg

    def rect(self, x: float, y: float, width: float, height: float, name: str) -> None:
        """Draw a rectangle, at least a hairline wide, so that a small figure is visible."""
        sides = _numbers(x=x, y=y, width=max(width, HAIRLINE), height=max(height, HAIRLINE), rx=1.5)
        SubElement(self._parent, "rect", sides | {"class": name})

    def line(self, x1: float, y1: float, x2: float, y2: float, name: str) -> None:
        """Draw a line."""
        SubElement(self._svg, "line", _numbers(x1=x1, y1=y1, x2=x2, y2=y2) | {"class": name})

    def circle(self, x: float, y: float, radius: float, name: str) -> None:
        """Draw a disc."""
        SubElement(self._svg, "circle", _numbers(cx=x, cy=y, r=radius) | {"class": name})

    def polygon(self, points: Iterable[tuple[float, float]], name: str) -> None:
        """Draw a closed shape."""
        SubElement(self._svg, "polygon", {"points": _points(points), "class": name})

    def polyline(self, points: Iterable[tuple[float, float]], name: str) -> None:
        """Draw an open line through points."""
        SubElement(self._svg, "polyline", {"points": _points(points), "class": name})

    def text(
        self, x: float, y: float, text: str, name: str = "", anchor: str = "start", *, turned: bool = False
    ) -> None:
        """Write a text; `anchor` is start, middle or end, and a turned text reads upwards."""
        place = _numbers(x=x, y=y) | {"text-anchor": anchor} | ({"class": name} if name else {})
        turn = {"transform": f"rotate(-90 {x:g} {y:g})"} if turned else {}
        SubElement(self._svg, "text", place | turn).text = text

    def svg(self) -> Markup:
        """Return the finished chart."""
        return Markup(tostring(self._svg, encoding="unicode"))  # noqa: S704  # our own elements, escaped

    def picture(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> Picture:
        """Return the finished chart with its figures as a table."""
        return Picture(self.svg(), self._sentence, tuple(head), tuple(tuple(row) for row in rows))


def cut(text: str, width: float) -> str:
    """Shorten a text to a width in the chart's units; the table has it whole.

    Examples
    --------
    >>> cut("La longueur de son historique", 100)
    'La longueur de…'
    """
    most = int(width / LETTER)
    return text if len(text) <= most else text[: max(most - 1, 0)].rstrip() + "…"


def _numbers(**values: float) -> dict[str, str]:
    return {name: f"{value:.2f}".rstrip("0").rstrip(".") for name, value in values.items()}


def _points(points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
