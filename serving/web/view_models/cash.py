"""The page of expected receipts: thirteen weeks with their band, the groups, and a week's largest invoices.

Owns what the chosen group and week show, and where each figure leads.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from models.portfolio.grouped_receipts import GROUPINGS, OTHERS, TOTAL, UNKNOWN
from models.wording.numerals import SPACE, WORD_SPACE
from serving.web.charts.week_bands import WeekBand, week_bands

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.drawing.canvas import Picture
    from serving.usecases.cash import CashForecast
    from serving.web.words import Words

    Line = Mapping[str, Any]

SOON_WEEKS = 4


@dataclass(frozen=True, slots=True)
class CashWeek:
    """One week of the chosen customers, and the page of its largest invoices."""

    number: int
    first_day: dt.date
    last_day: dt.date
    expected_eur: float
    p10_eur: float
    p50_eur: float
    p90_eur: float
    sales_eur: float
    address: str


@dataclass(frozen=True, slots=True)
class CashGroup:
    """One group of customers, and its own page; the address is empty for the one that is shown."""

    name: str
    open_eur: float
    soon_eur: float
    weeks_eur: float
    later_eur: float
    address: str


@dataclass(frozen=True, slots=True)
class CashView:
    """The page.

    Parameters
    ----------
    shown
        Name of the chosen group; empty for all customers.
    by
        The chosen grouping.
    is_default
        Whether the band is a default, the past being too short.
    week
        The chosen week, None without one.
    invoices
        The largest invoices of the chosen week, of all customers.
    """

    as_of: dt.date
    shown: str
    by: str
    groupings: tuple[tuple[str, str], ...]
    open_eur: float
    soon_eur: float
    weeks_eur: float
    later_eur: float
    is_default: bool
    chart: Picture
    weeks: tuple[CashWeek, ...]
    groups: tuple[CashGroup, ...]
    week: CashWeek | None
    invoices: Sequence[Mapping[str, Any]]


def cash_view(found: CashForecast, w: Words, by: str = "grade", name: str = "", week: int = 0) -> CashView:
    """Make the view of a forecast.

    Parameters
    ----------
    by
        One of `GROUPINGS`.
    name
        A group's key; all customers where it is empty or unknown.
    week
        From 1; 0 for none.
    """
    document = found.document()
    lines = document["by"][by]
    line = next((one for one in lines if name and one["name"] == name), document["total"])
    is_total = line["name"] == TOTAL
    weeks = tuple(_week(place, one, by, name) for place, one in enumerate(line["weeks"], start=1))
    chosen = weeks[week - 1] if 1 <= week <= len(weeks) else None
    shown = "" if is_total else group_name(line["name"], by, w)
    return CashView(
        found.run.key.as_of,
        shown,
        by,
        tuple((one, _address(one)) for one in GROUPINGS),
        line["open_eur"],
        *_sums(line),
        line["later_eur"],
        not document["past_weeks"],
        _chart(weeks, shown or w("cash.everybody"), w),
        weeks,
        tuple(_group(one, by, w, is_shown=one is line) for one in lines),
        chosen,
        () if chosen is None else document["largest"][chosen.number - 1]["invoices"],
    )


def group_name(key: str, by: str, w: Words) -> str:
    """Return what a group is called."""
    return w(f"cash.{key}") if key in (UNKNOWN, OTHERS) else w(f"cash.one_{by}", name=key)


def _sums(line: Line) -> tuple[float, float]:
    expected = [week["expected_eur"] for week in line["weeks"]]
    return sum(expected[:SOON_WEEKS]), sum(expected)


def _week(number: int, week: Mapping[str, Any], by: str, name: str) -> CashWeek:
    first_day, last_day = (dt.date.fromisoformat(week[day]) for day in ("first_day", "last_day"))
    return CashWeek(
        number,
        first_day,
        last_day,
        week["expected_eur"],
        week["p10_eur"],
        week["p50_eur"],
        week["p90_eur"],
        week["sales_eur"],
        f"{_address(by, name, number)}#week",
    )


def _group(line: Line, by: str, w: Words, *, is_shown: bool) -> CashGroup:
    address = "" if is_shown else _address(by, line["name"])
    name = group_name(line["name"], by, w)
    return CashGroup(name, line["open_eur"], *_sums(line), line["later_eur"], address)


def _address(by: str, name: str = "", week: int = 0) -> str:
    asked = {"by": by} | ({"name": name} if name else {}) | ({"week": str(week)} if week else {})
    return f"/cash?{urlencode(asked)}"


def _chart(weeks: Sequence[CashWeek], who: str, w: Words) -> Picture:
    first = weeks[0]
    sentence = w("cash.sentence", expected=w.eur(first.expected_eur), low=w.eur(first.p10_eur),
                 high=w.eur(first.p90_eur))  # fmt: skip
    head = tuple(w(f"cash.{name}") for name in ("week", "expected", "p10", "p50", "p90"))
    return week_bands([_band(one, w) for one in weeks], w("cash.chart", who=who), sentence, head)


def _band(one: CashWeek, w: Words) -> WeekBand:
    cells = tuple(w.eur(value) for value in (one.expected_eur, one.p10_eur, one.p50_eur, one.p90_eur))
    title = w("cash.column", first=w.day(one.first_day), last=w.day(one.last_day), expected=cells[0],
              low=cells[1], high=cells[3])  # fmt: skip
    day = w.day(one.first_day)
    label = day.removesuffix(str(one.first_day.year)).strip(f"/{SPACE}{WORD_SPACE} ")
    return WeekBand(label, title, one.address, (day, *cells), one.expected_eur, one.p10_eur, one.p90_eur)
