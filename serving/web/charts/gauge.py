"""Gauges of a customer: its grade on five steps, its index on a scale from 20 to 100."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.drawing.canvas import WIDTH, Canvas, Picture
from models.policy.grades import GRADES
from models.published.paydex import PAYDEX_POINTS

if TYPE_CHECKING:
    from serving.web.words import Words

LOWEST, HIGHEST = PAYDEX_POINTS[-1][1], PAYDEX_POINTS[0][1]
ON_TERMS = 80.0
"""The index of a customer that pays on the due date."""
_TICKS = ((20.0, "start"), (50.0, "middle"), (ON_TERMS, "middle"), (100.0, "end"))
_GAP, _EDGE = 4.0, 8.0


def grade_gauge(grade: str, w: Words) -> Picture:
    """Draw the five grades and mark the customer's.

    Parameters
    ----------
    grade
        `A` (best) to `E`.
    """
    sentence = w("gauge.grade_sentence", grade=grade, meaning=w(f"grade.{grade}"))
    canvas = Canvas("gauge-grade", 62, w("gauge.grade_title"), sentence)
    width = (WIDTH - _GAP * (len(GRADES) - 1)) / len(GRADES)
    for place, one in enumerate(GRADES):
        x, mine = place * (width + _GAP), one == grade
        top = 10.0 if mine else 18.0
        canvas.rect(x, top, width, 54 - top, f"step grade-{one.lower()}" + (" mine" if mine else ""))
        canvas.text(x + width / 2, 38, one, "letter mine" if mine else "letter", "middle")
        if mine:
            middle = x + width / 2
            canvas.polygon(((middle - 6, 0), (middle + 6, 0), (middle, 8)), "pointer")
    return canvas.picture((w("gauge.grade"), w("gauge.meaning")), ((grade, w(f"grade.{grade}")),))


def index_gauge(index: float | None, payer: str, w: Words) -> Picture:
    """Draw the PAYDEX-like index on its scale, with what is on terms.

    Parameters
    ----------
    index
        From 20 to 100; None where too few invoices are paid, and then no mark is drawn.
    payer
        What the customer's habit is called.
    """
    shown = w.number(index)
    sentence = (
        w("gauge.index_unknown") if index is None else w("gauge.index_sentence", index=shown, payer=payer)
    )
    canvas = Canvas("gauge-index", 62, w("gauge.index_title"), sentence)
    canvas.rect(_EDGE, 30, WIDTH - 2 * _EDGE, 8, "track")
    canvas.rect(_index_x(ON_TERMS), 30, _index_x(HIGHEST) - _index_x(ON_TERMS), 8, "good")
    for tick, anchor in _TICKS:
        canvas.line(_index_x(tick), 28, _index_x(tick), 42, "axis")
        canvas.text(_index_x(tick), 57, w.number(tick), "small", anchor)
    if index is not None:
        x = _index_x(index)
        canvas.polygon(((x - 7, 16), (x + 7, 16), (x, 29)), "pointer")
        canvas.text(min(max(x, 14.0), WIDTH - 14), 12, shown, "strong", "middle")
    return canvas.picture((w("gauge.index"), w("gauge.habit")), ((shown, payer),))


def _index_x(index: float) -> float:
    share = (min(max(index, LOWEST), HIGHEST) - LOWEST) / (HIGHEST - LOWEST)
    return _EDGE + share * (WIDTH - 2 * _EDGE)
