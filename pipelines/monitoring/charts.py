"""SVG charts of the monitoring page: predicted and realised shares, and shifted distributions.

Built from XML elements, so that every chart is well-formed and every text escaped. Series differ by shape as
well as by colour, and each chart has a text alternative.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, tostring

from pipelines.monitoring.words import figure, month

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.monitoring.realised import Cohort

WIDTH, HEIGHT = 640, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 8, 12, 28
_MOST_LABELS = 12


def months_chart(months: Sequence[Cohort], alt: str) -> str:
    """Draw the realised share with its interval and the predicted share, by month.

    Parameters
    ----------
    months
        At least one.
    alt
        Text alternative of the chart.
    """
    top = max(max(one.high, one.predicted) for one in months) or 1.0
    svg = _canvas(alt)
    _scale(svg, top)
    step = (WIDTH - _LEFT - _RIGHT) / len(months)
    every = -(-len(months) // _MOST_LABELS)
    for place, one in enumerate(months):
        x = _LEFT + step * (place + 0.5)
        _line(svg, (x, _y(one.low, top)), (x, _y(one.high, top)), "realised")
        for end in (one.low, one.high):
            _line(svg, (x - 4, _y(end, top)), (x + 4, _y(end, top)), "realised")
        SubElement(svg, "circle", _numbers(cx=x, cy=_y(one.realised, top), r=4) | {"class": "realised"})
        side = _numbers(x=x + 3, y=_y(one.predicted, top) - 4, width=8, height=8)
        SubElement(svg, "rect", side | {"class": "predicted"})
        if place % every == 0:
            _text(svg, x, HEIGHT - 8, month(one.month, "fr"), "middle")
    return tostring(svg, encoding="unicode")


def shares_chart(before: Sequence[float], now: Sequence[float], names: Sequence[str], alt: str) -> str:
    """Draw shares as pairs of bars, the reference next to the current one.

    Parameters
    ----------
    before, now
        In [0, 1], of equal length, at least one.
    names
        Label of each pair.
    alt
        Text alternative of the chart.
    """
    top = max(*before, *now) or 1.0
    svg = _canvas(alt)
    _scale(svg, top)
    step = (WIDTH - _LEFT - _RIGHT) / len(before)
    for place, (then, today, name) in enumerate(zip(before, now, names, strict=True)):
        for share, offset, series in ((then, 0.15, "before"), (today, 0.5, "now")):
            x, y = _LEFT + step * (place + offset), _y(share, top)
            box = _numbers(x=x, y=y, width=step * 0.35, height=HEIGHT - _BOTTOM - y)
            SubElement(svg, "rect", box | {"class": series})
        _text(svg, _LEFT + step * (place + 0.5), HEIGHT - 8, name, "middle")
    return tostring(svg, encoding="unicode")


def _canvas(alt: str) -> Element:
    svg = Element("svg", {"viewBox": f"0 0 {WIDTH} {HEIGHT}", "role": "img", "aria-label": alt})
    SubElement(svg, "title").text = alt
    return svg


def _scale(svg: Element, top: float) -> None:
    """Draw the baseline and the line of the largest share."""
    for share in (0.0, top):
        y = _y(share, top)
        _line(svg, (_LEFT, y), (WIDTH - _RIGHT, y), "axis")
        _text(svg, _LEFT - 6, y + 4, figure(share, "share", "fr"), "end")


def _y(share: float, top: float) -> float:
    return HEIGHT - _BOTTOM - (HEIGHT - _BOTTOM - _TOP) * share / top


def _line(svg: Element, start: tuple[float, float], end: tuple[float, float], series: str) -> None:
    ends = _numbers(x1=start[0], y1=start[1], x2=end[0], y2=end[1])
    SubElement(svg, "line", ends | {"class": series})


def _text(svg: Element, x: float, y: float, text: str, anchor: str) -> None:
    SubElement(svg, "text", _numbers(x=x, y=y) | {"text-anchor": anchor}).text = text


def _numbers(**values: float) -> dict[str, str]:
    return {name: f"{value:.1f}" for name, value in values.items()}
