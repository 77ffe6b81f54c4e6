"""Amounts or counts side by side as bars, and the use of a limit as one bar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.drawing.canvas import LETTER, WIDTH, Canvas, Picture, cut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from serving.web.words import Words

_ROW, _BAR = 38.0, 12.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar.

    Parameters
    ----------
    value
        What its length shows, from 0.
    figure
        The same as it is written.
    name
        A class for the stylesheet.
    """

    label: str
    value: float
    figure: str
    name: str = "plain"


def bars(found: Sequence[Bar], title: str, sentence: str, head: tuple[str, str]) -> Picture:
    """Draw bars under one another, each with its label and its figure above it.

    Parameters
    ----------
    head
        What labels and figures are called in the table.
    """
    canvas = Canvas("bars", max(_ROW * len(found), 1.0), title, sentence)
    most = max((bar.value for bar in found), default=0.0)
    for place, bar in enumerate(found):
        top = place * _ROW
        canvas.text(0, top + 12, cut(bar.label, WIDTH - (len(bar.figure) + 2) * LETTER), "label")
        canvas.text(WIDTH, top + 12, bar.figure, "figure", "end")
        canvas.rect(0, top + 17, WIDTH, _BAR, "track")
        if bar.value > 0:
            canvas.rect(0, top + 17, WIDTH * bar.value / most, _BAR, bar.name)
    return canvas.picture(head, [(bar.label, bar.figure) for bar in found])


def use_bar(open_eur: float, overdue_eur: float, limit_eur: float, w: Words) -> Picture:
    """Draw what is owed against the limit, the overdue part of it marked.

    Parameters
    ----------
    open_eur
        What is owed; less than 0 where more was paid, drawn as nothing owed.
    overdue_eur
        The part of it that is past due, at most what is owed.
    limit_eur
        The limit in force; 0 means prepayment.
    """
    owed = max(open_eur, 0.0)
    late = min(max(overdue_eur, 0.0), owed)
    sentence = _use_sentence(owed, limit_eur, w)
    canvas = Canvas("use", 60, w("use.title"), sentence)
    # The end of the scale leaves room beyond the limit, so that its mark is not the edge.
    end = max(owed, limit_eur * 1.1, 1.0)
    canvas.rect(0, 22, WIDTH, 18, "track")
    if owed > 0:
        canvas.rect(0, 22, WIDTH * owed / end, 18, "over" if owed > limit_eur else "owed")
    if late > 0:
        canvas.rect(0, 34, WIDTH * late / end, 6, "late")
    at = WIDTH * min(limit_eur / end, 1.0)
    canvas.line(at, 17, at, 45, "limit")
    anchor = "end" if at > WIDTH / 2 else "start"
    canvas.text(at, 12, f"{w('use.limit')} {w.eur(limit_eur)}", "figure", anchor)
    canvas.text(0, 56, f"{w('use.owed')} {w.eur(open_eur)}", "label")
    canvas.text(WIDTH, 56, f"{w('use.overdue')} {w.eur(overdue_eur)}", "label", "end")
    free = max(limit_eur - owed, 0.0)
    rows = (
        (w("use.limit"), w.eur(limit_eur)),
        (w("use.owed"), w.eur(open_eur)),
        (w("use.overdue"), w.eur(overdue_eur)),
        (w("use.free"), w.eur(free)),
    )
    return canvas.picture((w("use.what"), w("word.amount")), rows)


def _use_sentence(owed: float, limit_eur: float, w: Words) -> str:
    if limit_eur <= 0:
        return w("use.sentence_prepayment", owed=w.eur(owed))
    figures = {"owed": w.eur(owed), "limit": w.eur(limit_eur), "share": w.share(owed / limit_eur, 0)}
    if owed > limit_eur:
        return w("use.sentence_over", **figures, over=w.eur(owed - limit_eur))
    return w("use.sentence", **figures, free=w.eur(limit_eur - owed))
