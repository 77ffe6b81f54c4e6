"""What every picture is made of: a canvas with its title, and the figures it shows as a table.

Owns the shape of a picture and its elements. Colours and strokes are the stylesheet's, by class: no style
stands in an element, so that the pages can forbid inline styles. Drawn as elements, so that every picture is
well-formed and every text escaped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, tostring

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH = 360.0
"""Of every picture, in its own units: a phone's width, so that letters are read there as drawn."""
LETTER = 6.4
"""The width of a letter of 12 units, on average and a little more."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture and what it says to those who do not see it.

    Parameters
    ----------
    svg
        The picture, ready to stand in a page.
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
    """A drawing under way, of the pictures' width.

    Parameters
    ----------
    name
        A class of the picture, for the stylesheet.
    title, sentence
        What a screen reader says of it.
    """

    def __init__(self, name: str, height: float, title: str, sentence: str) -> None:
        self.height = height
        self._sentence = sentence
        box = f"0 0 {WIDTH:g} {height:g}"
        self._svg = Element("svg", {"class": f"chart {name}", "viewBox": box, "role": "img"})
        SubElement(self._svg, "title").text = title
        SubElement(self._svg, "desc").text = sentence

    def rect(self, x: float, y: float, width: float, height: float, name: str) -> None:
        """Draw a rectangle; one without width is drawn as a hairline, so that a small figure is seen."""
        sides = _numbers(x=x, y=y, width=max(width, 0.5), height=max(height, 0.5), rx=1.5)
        SubElement(self._svg, "rect", sides | {"class": name})

    def line(self, x1: float, y1: float, x2: float, y2: float, name: str) -> None:
        """Draw a line."""
        SubElement(self._svg, "line", _numbers(x1=x1, y1=y1, x2=x2, y2=y2) | {"class": name})

    def circle(self, x: float, y: float, radius: float, name: str) -> None:
        """Draw a disc."""
        SubElement(self._svg, "circle", _numbers(cx=x, cy=y, r=radius) | {"class": name})

    def polygon(self, points: Sequence[tuple[float, float]], name: str) -> None:
        """Draw a closed shape."""
        SubElement(self._svg, "polygon", {"points": _points(points), "class": name})

    def polyline(self, points: Sequence[tuple[float, float]], name: str) -> None:
        """Draw an open line through points."""
        SubElement(self._svg, "polyline", {"points": _points(points), "class": name})

    def text(self, x: float, y: float, text: str, name: str = "", anchor: str = "start") -> None:
        """Write a text; `anchor` is start, middle or end."""
        place = _numbers(x=x, y=y) | {"text-anchor": anchor} | ({"class": name} if name else {})
        SubElement(self._svg, "text", place).text = text

    def picture(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> Picture:
        """Return the finished picture with its figures as a table."""
        svg = Markup(tostring(self._svg, encoding="unicode"))  # noqa: S704  # our own elements, escaped
        return Picture(svg, self._sentence, tuple(head), tuple(tuple(row) for row in rows))


def cut(text: str, width: float) -> str:
    """Shorten a text to a width in the picture's units; the table has it whole.

    Examples
    --------
    >>> cut("La longueur de son historique", 100)
    'La longueur de…'
    """
    most = int(width / LETTER)
    return text if len(text) <= most else text[: max(most - 1, 0)].rstrip() + "…"


def _numbers(**values: float) -> dict[str, str]:
    return {name: f"{value:.2f}".rstrip("0").rstrip(".") for name, value in values.items()}


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
