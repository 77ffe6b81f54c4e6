"""The probability of a larger loss, by loss, with the losses that are named on it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from models.drawing.canvas import WIDTH, Canvas, Picture

if TYPE_CHECKING:
    from collections.abc import Sequence

HEIGHT = 200.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 4.0, 8.0, 14.0, 22.0
_LEAST = -3.5
"""Decimal logarithm of the probability at the foot: a loss of one year in three thousand."""
_ROW = 13.0


def loss_curve(
    points: Sequence[tuple[float, float]],
    marks: Sequence[tuple[str, float, str]],
    title: str,
    sentence: str,
    head: tuple[str, str],
) -> Picture:
    """Draw the probability of a larger loss on a logarithmic scale.

    Parameters
    ----------
    points
        Losses in euros, rising, with the probability of a larger one.
    marks
        What is marked: its name, its loss and how that is written.
    head
        What names and losses are called in the table.
    """
    canvas = Canvas("loss", HEIGHT, title, sentence)
    most = max((loss for loss, _ in points), default=0.0) or 1.0

    def across(loss: float) -> float:
        return _LEFT + (WIDTH - _LEFT - _RIGHT) * min(loss / most, 1.0)

    def down(chance: float) -> float:
        power = math.log10(chance) if chance > 0.0 else _LEAST
        return _TOP + (HEIGHT - _TOP - _BOTTOM) * max(power, _LEAST) / _LEAST

    for power in (0, -1, -2, -3):
        canvas.line(_LEFT, down(10.0**power), WIDTH - _RIGHT, down(10.0**power), "grid")
    floor = HEIGHT - _BOTTOM
    canvas.line(_LEFT, floor, WIDTH - _RIGHT, floor, "axis")
    for place, (name, loss, _) in enumerate(marks):
        x, y = across(loss), _TOP + 4 + _ROW * place
        canvas.line(x, y, x, floor, "mark")
        on_the_left = x > WIDTH * 0.6
        canvas.text(x - 4 if on_the_left else x + 4, y + 6, name, "small", "end" if on_the_left else "start")
    canvas.polyline(((across(loss), down(chance)) for loss, chance in points), "trend")
    canvas.text(_LEFT, HEIGHT - 5, "0", "small")
    return canvas.picture(head, [(name, written) for name, _, written in marks])
