"""Charts of the monitoring page: predicted and realised shares, and shifted distributions.

Series differ by shape as well as by colour.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.drawing.canvas import HAIRLINE, Canvas
from pipelines.monitoring.words import figure, month

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from pipelines.monitoring.realised import Cohort

WIDTH, HEIGHT = 640.0, 220.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 56.0, 8.0, 12.0, 28.0
_MOST_LABELS = 12


def months_chart(months: Sequence[Cohort], alt: str) -> Markup:
    """Draw the realised share with its interval and the predicted share, by month.

    Parameters
    ----------
    months
        At least one.
    alt
        Text alternative of the chart.
    """
    top = max(max(one.high, one.predicted) for one in months) or 1.0
    canvas = _canvas(alt, top)
    step = (WIDTH - _LEFT - _RIGHT) / len(months)
    every = -(-len(months) // _MOST_LABELS)
    for place, one in enumerate(months):
        x, low, high = _LEFT + step * (place + 0.5), _y(one.low, top), _y(one.high, top)
        canvas.line(x, low, x, high, "realised")
        for end in (low, high):
            canvas.line(x - 4, end, x + 4, end, "realised")
        canvas.circle(x, _y(one.realised, top), 4, "realised")
        canvas.rect(x + 3, _y(one.predicted, top) - 4, 8, 8, "predicted")
        if place % every == 0:
            canvas.text(x, HEIGHT - 8, month(one.month, "fr"), anchor="middle")
    return canvas.svg()


def shares_chart(before: Sequence[float], now: Sequence[float], names: Sequence[str], alt: str) -> Markup:
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
    canvas = _canvas(alt, top)
    step = (WIDTH - _LEFT - _RIGHT) / len(before)
    for place, (then, today, name) in enumerate(zip(before, now, names, strict=True)):
        for share, offset, series in ((then, 0.15, "before"), (today, 0.5, "now")):
            y = min(_y(share, top), HEIGHT - _BOTTOM - HAIRLINE)
            canvas.rect(_LEFT + step * (place + offset), y, step * 0.35, HEIGHT - _BOTTOM - y, series)
        canvas.text(_LEFT + step * (place + 0.5), HEIGHT - 8, name, anchor="middle")
    return canvas.svg()


def _canvas(alt: str, top: float) -> Canvas:
    """Return a chart with its baseline and the line of the largest share."""
    canvas = Canvas("shares", HEIGHT, alt, width=WIDTH)
    for share in (0.0, top):
        y = _y(share, top)
        canvas.line(_LEFT, y, WIDTH - _RIGHT, y, "axis")
        canvas.text(_LEFT - 6, y + 4, figure(share, "share", "fr"), anchor="end")
    return canvas


def _y(share: float, top: float) -> float:
    return HEIGHT - _BOTTOM - (HEIGHT - _BOTTOM - _TOP) * share / top
