"""What is unpaid of each quarter's invoices, by their age in months."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.drawing.canvas import WIDTH, Canvas, Picture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from serving.web.words import Words

HEIGHT = 190.0
_LEFT, _TOP, _BOTTOM = 40.0, 12.0, 24.0
_RIGHT = WIDTH - 58
_TICKS = 4
_AGE_STEP = 3


@dataclass(frozen=True, slots=True)
class VintageCurve:
    """One quarter's shares by age in months, from 0; at least one of them."""

    label: str
    shares: tuple[float, ...]


def vintage_curves(curves: Sequence[VintageCurve], ages: int, title: str, sentence: str, w: Words) -> Picture:
    """Draw the curves of several quarters, the oldest first; the last one has its name.

    Parameters
    ----------
    ages
        The last age of the axis, in months.
    """
    canvas = Canvas("vintages", HEIGHT, title, sentence)
    most = max((max(curve.shares[1:], default=0.0) for curve in curves), default=0.0) or 1.0
    floor = HEIGHT - _BOTTOM

    def place(age: int, share: float) -> tuple[float, float]:
        return _LEFT + (_RIGHT - _LEFT) * age / ages, floor - (floor - _TOP) * min(share / most, 1.0)

    for tick in range(_TICKS + 1):
        y = place(0, most * tick / _TICKS)[1]
        canvas.line(_LEFT, y, _RIGHT, y, "axis" if tick == 0 else "grid")
        canvas.text(_LEFT - 4, y + 4, w.share(most * tick / _TICKS, 0), "small", "end")
    for age in range(0, ages + 1, _AGE_STEP):
        canvas.text(place(age, 0)[0], HEIGHT - 6, w.number(age), "small", "middle")
    for rank, curve in enumerate(curves):
        # The first age is the day of issue, when nearly all is unpaid: it would flatten the others.
        points = [place(age, share) for age, share in enumerate(curve.shares) if age]
        name = f"vintage-{min(len(curves) - 1 - rank, 3)}"
        if len(points) > 1:
            canvas.polyline(points, name)
        if points and rank == len(curves) - 1:
            canvas.text(points[-1][0] + 4, points[-1][1] + 4, curve.label, "small")
    head = (w("migration.quarter"), *(w.number(age) for age in range(1, ages + 1)))
    rows = [(curve.label, *_row(curve, ages, w)) for curve in curves]
    return canvas.picture(head, rows)


def _row(curve: VintageCurve, ages: int, w: Words) -> list[str]:
    known = [w.share(share, 0) for share in curve.shares[1 : ages + 1]]
    return known + [""] * (ages - len(known))
