"""How a customer went over quarters, what the stored nights said of it, and what the last one changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from serving.web.charts.sparkline import Point, sparkline
from serving.web.view_models.quarters import QuarterRow, quarters

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from models.drawing.canvas import Picture
    from serving.store import InvoiceRow
    from serving.store.dossiers import PaidInvoice
    from serving.store.published_rows import HistoryPoint
    from serving.web.words import Words

LEAST_NIGHTS = 3
"""Fewest nights that are drawn as a line: two are told as a change."""


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure before and after the last night, as it is written."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class HistoryView:
    """How payments, grade, probabilities and limit went.

    Parameters
    ----------
    quarters
        The latest first.
    pictures
        Days late and the late share over quarters, then what nights said, where they are enough to draw.
    since
        The day of the night before the last one; None where there is but one.
    changes
        What differs between these two; empty where nothing does.
    """

    quarters: tuple[QuarterRow, ...]
    nights: tuple[HistoryPoint, ...]
    pictures: tuple[Picture, ...]
    since: dt.date | None
    changes: tuple[FigureChange, ...]


def history_view(
    nights: Sequence[HistoryPoint],
    w: Words,
    paid: Sequence[PaidInvoice] = (),
    overdue: Sequence[tuple[InvoiceRow, int]] = (),
) -> HistoryView:
    """Make the view of a customer's past.

    Parameters
    ----------
    nights
        The oldest first; at least one.
    paid, overdue
        Paid invoices, and open ones past their due date with their days past due.
    """
    found = quarters(paid, overdue, nights, w)
    pictures = (
        *_over_quarters(found[::-1], w),
        *(_over_nights(nights, w) if len(nights) >= LEAST_NIGHTS else ()),
    )
    two = len(nights) > 1
    changes = _changes(nights[-2], nights[-1], w) if two else ()
    return HistoryView(found, tuple(nights), pictures, nights[-2].as_of if two else None, changes)


def _over_quarters(found: Sequence[QuarterRow], w: Words) -> Iterator[Picture]:
    figures = (("past.days_late_line", "days_late", w.delay), ("past.late_share_line", "late_share", w.share))
    for key, name, write in figures:
        known = [(row.last, getattr(row, name)) for row in found if getattr(row, name) is not None]
        if known:
            yield sparkline([Point(day, value, write(value)) for day, value in known], w(key), w)


def _over_nights(nights: Sequence[HistoryPoint], w: Words) -> Iterator[Picture]:
    figures = (
        ("probability.default", "pd_12m", w.share),
        ("probability.late", "p_late30", w.share),
        ("limit.title", "limit_eur", w.eur),
    )
    for key, name, write in figures:
        known = [(night.as_of, getattr(night, name)) for night in nights if getattr(night, name) is not None]
        if known:
            yield sparkline([Point(day, value, write(value)) for day, value in known], w(key), w)


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
