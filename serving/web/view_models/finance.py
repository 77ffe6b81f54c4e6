"""The finance page: a year of DSO, overdue, exposure, expected loss and customers over their limit.

Owns what each column shows and where it leads: the present to the list of customers that it counts, a past
month to its own figures, for lists know the last night alone.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models.portfolio.history import quarter_start
from serving.web.charts.columns import ColumnPart, MonthColumn, columns

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from models.drawing.canvas import Picture
    from serving.usecases.portfolio_history import PortfolioHistory
    from serving.web.words import Words

    Month = Mapping[str, Any]
    Figure = Callable[[Month], float | None]

OVERDUE, OVER_LIMIT = "/?overdue=true&sort=-overdue_eur", "/?over_limit=true&sort=-open_eur"
EVERYBODY, RISKIEST = "/?sort=-open_eur", "/?sort=-expected_loss_eur"
OVER_LIMIT_CSV = "/exports/customers.csv?over_limit=true&sort=-open_eur"


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One figure of the chosen month; `note` compares it with the month before, empty where it cannot."""

    label: str
    figure: str
    note: str
    address: str


@dataclass(frozen=True, slots=True)
class QuarterLine:
    """The grade migration of one quarter."""

    number: int
    year: int
    since: dt.date
    better: int
    worse: int
    same: int


@dataclass(frozen=True, slots=True)
class FinanceView:
    """A year of the portfolio.

    Parameters
    ----------
    as_of
        Day of the chosen month's figures.
    is_present, is_reconstructed
        Whether they are the last night's; whether they come from invoices and payments alone.
    first_night
        From when grades, expected loss and customers over their limit are known.
    reconstructed
        Number of months that were reconstructed.
    charts
        Section names with their charts.
    """

    as_of: dt.date
    is_present: bool
    is_reconstructed: bool
    first_night: dt.date
    reconstructed: int
    figures: tuple[KeyFigure, ...]
    charts: tuple[tuple[str, Picture], ...]
    quarters: tuple[QuarterLine, ...]
    breaches_csv: str = OVER_LIMIT_CSV


def finance_view(history: PortfolioHistory, w: Words, month: str = "") -> FinanceView:
    """Make the view of a history.

    Parameters
    ----------
    month
        The chosen month, such as `2026-09`; the last one where it is empty or unknown.
    """
    months = history.months
    place = next((i for i, one in enumerate(months) if one["as_of"][:7] == month), len(months) - 1)
    chosen, is_present = months[place], place == len(months) - 1
    before = months[place - 1] if place else None
    return FinanceView(
        dt.date.fromisoformat(chosen["as_of"]),
        is_present,
        chosen["source"] == "ledger",
        history.first_night,
        sum(one["source"] == "ledger" for one in months),
        _figures(chosen, before, w, is_present=is_present),
        _charts(months, w),
        tuple(_quarter(one) for one in history.quarters),
    )


def dso_days(month: Month) -> float | None:
    """Return the DSO over a year of sales."""
    days: float | None = month["dso"]["annualised_days"]
    return days


def over_limit_eur(month: Month) -> float | None:
    """Return what is owed beyond limits, None where it is unknown."""
    return None if month["over_limit"] is None else month["over_limit"]["over_eur"]


def _figures(month: Month, before: Month | None, w: Words, *, is_present: bool) -> tuple[KeyFigure, ...]:
    kinds: tuple[tuple[str, Figure, str], ...] = (
        ("dso", dso_days, EVERYBODY),
        ("exposure", lambda one: one["exposure_eur"], EVERYBODY),
        ("overdue", lambda one: one["overdue_eur"], OVERDUE),
        ("loss", lambda one: one["expected_loss_eur"], RISKIEST),
        ("over_limit", over_limit_eur, OVER_LIMIT),
    )
    return tuple(
        KeyFigure(
            w(f"finance.{name}"),
            _written(name, figure(month), w),
            _note(name, figure, month, before, w),
            address if is_present else "",
        )
        for name, figure, address in kinds
    )


def _written(name: str, value: float | None, w: Words) -> str:
    return w.number(value, 1) if name == "dso" else w.eur(value)


def _note(name: str, figure: Figure, month: Month, before: Month | None, w: Words) -> str:
    count = month["over_limit"]
    own = w("finance.customers", count=w.number(count["customers"])) if name == "over_limit" and count else ""
    now, then = figure(month), None if before is None else figure(before)
    if before is None or now is None or then is None:
        return own
    by = w.number(now - then, 1, signed=True) if name == "dso" else w.eur(now - then, signed=True)
    return " · ".join(part for part in (own, w("finance.since", by=by, day=w.day(before["as_of"]))) if part)


def _charts(months: Sequence[Month], w: Words) -> tuple[tuple[str, Picture], ...]:
    drawn = {
        "dso": _chart("dso", months, dso_days, EVERYBODY, w),
        "overdue": _chart("overdue", months, lambda one: one["overdue_eur"], OVERDUE, w),
        "exposure": _exposure(months, w),
        "loss": _chart("loss", months, lambda one: one["expected_loss_eur"], RISKIEST, w),
        "over_limit": _chart("over_limit", months, over_limit_eur, OVER_LIMIT, w),
    }
    return tuple(drawn.items())


def _chart(name: str, months: Sequence[Month], figure: Figure, present: str, w: Words) -> Picture:
    """Draw one figure of each month; a month where it is unknown has no column."""
    title = w(f"finance.{name}")
    found = []
    for month in months:
        value, label = figure(month), w.month(dt.date.fromisoformat(month["as_of"]))
        written = _written(name, value, w)
        address = present if month is months[-1] else _address(month)
        kind = "plain past" if month["source"] == "ledger" else "plain"
        said = w("finance.column", title=title, month=label, figure=written)
        parts = () if value is None else (ColumnPart(value, kind, address, said),)
        found.append(MonthColumn(label, written, parts))
    known = [one for one in found if one.parts]
    sentence = w(
        "finance.sentence", first=known[0].label, before=known[0].figure, now=known[-1].figure
    ) if len(known) > 1 else w("finance.one_month", now=found[-1].figure)  # fmt: skip
    return columns(found, title, sentence, (w("timeline.month"), title))


def _exposure(months: Sequence[Month], w: Words) -> Picture:
    """Draw the exposure of each month, by grade where nights know the grades."""
    title, found = w("finance.exposure_by_grade"), []
    for month in months:
        label = w.month(dt.date.fromisoformat(month["as_of"]))
        grades = reversed(month["grades"] or ())
        parts = tuple(_grade_part(line, month, months[-1], label, w) for line in grades)
        whole = w("finance.column", title=title, month=label, figure=w.eur(month["exposure_eur"]))
        plain = (ColumnPart(month["exposure_eur"], "plain past", _address(month), whole),)
        found.append(MonthColumn(label, w.eur(month["exposure_eur"]), parts or plain))
    owed = months[-1]["exposure_eur"]
    shares = {line["grade"]: line["open_eur"] / owed if owed else None for line in months[-1]["grades"]}
    by_grade = " · ".join(f"{grade} {w.share(share, 0)}" for grade, share in shares.items())
    sentence = w("finance.by_grade", by_grade=by_grade)
    return columns(found, title, sentence, (w("timeline.month"), w("exposure.title")))


def _grade_part(line: Mapping[str, Any], month: Month, last: Month, label: str, w: Words) -> ColumnPart:
    grade = line["grade"]
    said = w("finance.grade_column", grade=grade, month=label, figure=w.eur(line["open_eur"]))
    address = f"/?grade={grade}&sort=-open_eur" if month is last else _address(month)
    return ColumnPart(max(line["open_eur"], 0.0), f"fill-{grade.lower()}", address, said)


def _address(month: Month) -> str:
    return f"/finance?month={month['as_of'][:7]}"


def _quarter(line: Mapping[str, Any]) -> QuarterLine:
    as_of = dt.date.fromisoformat(line["as_of"])
    number = quarter_start(as_of).month // 3 + 1
    same = sum(row.get(grade, 0) for grade, row in line["counts"].items())
    since = dt.date.fromisoformat(line["since"])
    return QuarterLine(number, as_of.year, since, line["better"], line["worse"], same)
