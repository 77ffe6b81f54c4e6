"""How late a customer paid, month by month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.drawing.canvas import WIDTH, Canvas, Picture

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from serving.web.words import Words

HEIGHT = 180.0
LATE_DAYS = 30.0
"""The line that the late-payment model asks about."""
_LEFT, _TOP, _BOTTOM = 34.0, 12.0, 24.0
_MOST_LABELS = 5


@dataclass(frozen=True, slots=True)
class PaidMonth:
    """What was paid of the invoices that fell due in one month.

    Parameters
    ----------
    first
        The month's first day.
    days_late
        The mean, weighted by amount; negative is before the due date.
    most_days_late
        Of the latest invoice.
    """

    first: dt.date
    invoices: int
    days_late: float
    most_days_late: float


def timeline(months: Sequence[PaidMonth], w: Words) -> Picture:
    """Draw the mean and the latest payment of each month, the oldest month first.

    Parameters
    ----------
    months
        At least one.
    """
    sentence = w(
        "timeline.sentence",
        months=w.number(len(months)),
        first=w.month(months[0].first),
        last=w.month(months[-1].first),
        last_days=w.delay(months[-1].days_late),
        most=w.delay(max(month.most_days_late for month in months)),
    )
    canvas = Canvas("timeline", HEIGHT, w("timeline.title"), sentence)
    scale = _TimeScale.of(months)
    _axes(canvas, scale, w)
    step = (WIDTH - _LEFT) / len(months)
    every = -(-len(months) // _MOST_LABELS)
    for place, month in enumerate(months):
        x, width = _LEFT + step * (place + 0.2), step * 0.6
        top, bottom = sorted((scale.y(month.days_late), scale.y(0.0)))
        canvas.rect(x, top, width, bottom - top, _band(month.days_late))
        canvas.circle(x + width / 2, scale.y(month.most_days_late), 2.5, "most")
        if place % every == 0:
            middle = min(max(x + width / 2, _LEFT + 20), WIDTH - 22)
            canvas.text(middle, HEIGHT - 6, w.month(month.first), "small", "middle")
    rows = [
        (
            w.month(month.first),
            w.number(month.invoices),
            w.delay(month.days_late),
            w.delay(month.most_days_late),
        )
        for month in months
    ]
    head = (w("timeline.month"), w("timeline.invoices"), w("timeline.mean"), w("timeline.most"))
    return canvas.picture(head, rows)


@dataclass(frozen=True, slots=True)
class _TimeScale:
    low: float
    high: float

    @classmethod
    def of(cls, months: Sequence[PaidMonth]) -> _TimeScale:
        known = [value for month in months for value in (month.days_late, month.most_days_late)]
        return cls(min(0.0, *known), max(LATE_DAYS * 1.2, *known))

    def y(self, days: float) -> float:
        share = (days - self.low) / (self.high - self.low)
        return _TOP + (1.0 - share) * (HEIGHT - _TOP - _BOTTOM)


def _axes(canvas: Canvas, scale: _TimeScale, w: Words) -> None:
    marks = {0.0: "axis", LATE_DAYS: "threshold"}
    # The top is written where it does not run into the threshold's figure.
    if scale.y(LATE_DAYS) - scale.y(scale.high) > 14:
        marks[scale.high] = "grid"
    for days, name in marks.items():
        canvas.line(_LEFT, scale.y(days), WIDTH, scale.y(days), name)
        canvas.text(_LEFT - 5, scale.y(days) + 4, w.number(days), "small", "end")


def _band(days_late: float) -> str:
    return "on-time" if days_late <= 0 else "late-little" if days_late <= LATE_DAYS else "late-much"
