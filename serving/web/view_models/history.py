"""What the kept nights said of one customer, and what the last one changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from serving.web.charts.sparkline import Point, sparkline

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from models.drawing.canvas import Picture
    from serving.store.published_rows import HistoryPoint
    from serving.web.words import Words


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure before and after the last night, as it is written."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class HistoryView:
    """How grade, probabilities and limit went.

    Parameters
    ----------
    since
        The day of the night before the last one; None where there is but one.
    changes
        What differs between these two; empty where nothing does.
    """

    nights: tuple[HistoryPoint, ...]
    pictures: tuple[Picture, ...]
    since: dt.date | None
    changes: tuple[FigureChange, ...]


def history_view(nights: Sequence[HistoryPoint], w: Words) -> HistoryView:
    """Make the view of nights, the oldest first; at least one."""
    figures = (
        ("probability.default", "pd_12m", w.share),
        ("probability.late", "p_late30", w.share),
        ("limit.title", "limit_eur", w.eur),
    )
    drawn = (
        (key, [(night.as_of, getattr(night, name)) for night in nights], write)
        for key, name, write in figures
    )
    pictures = tuple(
        sparkline([Point(day, value, write(value)) for day, value in points if value is not None], w(key), w)
        for key, points, write in drawn
        if any(value is not None for _, value in points)
    )
    two = len(nights) > 1
    changes = _changes(nights[-2], nights[-1], w) if two else ()
    return HistoryView(tuple(nights), pictures, nights[-2].as_of if two else None, changes)


def _default(night: HistoryPoint, w: Words) -> str:
    """Write a night's probability of default, or the proceeding that was open."""
    return w(f"filing.{night.proceeding}") if night.proceeding else w.share(night.pd_12m)


def _changes(before: HistoryPoint, after: HistoryPoint, w: Words) -> tuple[FigureChange, ...]:
    changes = (
        (w("grade.title"), before.grade, after.grade),
        (w("probability.default"), _default(before, w), _default(after, w)),
        (w("probability.late"), w.share(before.p_late30), w.share(after.p_late30)),
        (w("limit.title"), w.eur(before.limit_eur), w.eur(after.limit_eur)),
    )
    return tuple(FigureChange(*one) for one in changes if one[1] != one[2])
