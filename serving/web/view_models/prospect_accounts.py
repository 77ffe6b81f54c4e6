"""Up to three years of accounts in the prospect's form: read, put among the registers' years, shown again.

Owns the fields of a year and which years count: those in the form, and those of the registers that
were never shown in it, older ones and those kept from the public. The rest of the form is `prospect`'s.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from pydantic import ValidationError

from serving.schemas.questions import AccountsIn
from serving.usecases.prospect_enrichment import MOST_YEARS
from serving.web.forms import Typed, figure_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from serving.web.words import Words

FIGURES = ("turnover", "net_income", "equity", "total_assets", "current_assets", "current_liabilities")
CLOSED_ON = "closed_on"
SLOTS = (1, 2, 3)
"""The years of the form, the latest first."""
SHOWN = "years_shown"
"""Hidden field: ends of the registers' financial years that are or were in the form."""
_MOST_EUR = 1e12


def name_of(field: str, slot: int) -> str:
    """Name the field of a year; those of the latest year bear no number.

    Examples
    --------
    >>> name_of("turnover", 1), name_of("turnover", 3)
    ('turnover', 'turnover_3')
    """
    return field if slot == SLOTS[0] else f"{field}_{slot}"


FIELDS = tuple(name_of(field, slot) for slot in SLOTS for field in (CLOSED_ON, *FIGURES))


def read_years(typed: Typed) -> list[AccountsIn]:
    """Read the years of the form, the latest last.

    Figures need the end of their year; each year occurs once.
    """
    found: dict[dt.date, AccountsIn] = {}
    for slot in SLOTS:
        year = _read(typed, slot)
        if year is not None and year.closed_on in found:
            typed.wrong(name_of(CLOSED_ON, slot), "same_year")
        elif year is not None:
            found[year.closed_on] = year
    return [found[day] for day in sorted(found)]


def _read(typed: Typed, slot: int) -> AccountsIn | None:
    figures = {name: typed.number(name_of(name, slot), -_MOST_EUR, _MOST_EUR) for name in FIGURES}
    known = {name: value for name, value in figures.items() if value is not None}
    end = name_of(CLOSED_ON, slot)
    closed_on = typed.day(end)
    if not known:
        return None
    if closed_on is None:
        typed.wrong(end, "missing")
        return None
    try:
        return AccountsIn.model_validate({CLOSED_ON: closed_on, **known})
    except ValidationError:
        typed.wrong(end, "day")
        return None


def has_figures(year: AccountsIn) -> bool:
    """Tell whether a year has a figure that the form shows."""
    return any(getattr(year, name) is not None for name in FIGURES)


def with_theirs(
    mine: Iterable[AccountsIn], theirs: Sequence[AccountsIn], shown: frozenset[dt.date] = frozenset()
) -> list[AccountsIn]:
    """Merge the years of a form with the registers' years, the latest last.

    Figures that the form does not show are theirs; those it shows are as typed, emptied ones included. A year
    of theirs that was shown and then removed is left out.

    Parameters
    ----------
    shown
        Ends of their years that are or were in the form.
    """
    kept = {one.closed_on: one for one in theirs if one.closed_on not in shown or not has_figures(one)}
    known = {one.closed_on: one for one in theirs}
    for one in mine:
        figures = {name: getattr(one, name) for name in FIGURES}
        same = known.get(one.closed_on)
        # Confidential, and yet figures are given: they were typed.
        is_open = same is not None and not same.confidential
        kept[one.closed_on] = same.model_copy(update=figures) if same is not None and is_open else one
    return [kept[day] for day in sorted(kept)][-MOST_YEARS:]


def years_in_form(years: Iterable[AccountsIn], w: Words) -> dict[str, str]:
    """Return the fields of the latest years with figures, the latest first."""
    latest = sorted((one for one in years if has_figures(one)), key=lambda one: one.closed_on, reverse=True)
    said = dict.fromkeys(FIELDS, "")
    for slot, year in zip(SLOTS, latest, strict=False):
        said[name_of(CLOSED_ON, slot)] = year.closed_on.isoformat()
        said |= {name_of(name, slot): figure_in_form(getattr(year, name), w) for name in FIGURES}
    return said


def figure_in_form(value: float | None, w: Words) -> str:
    """Return a figure as a field's text; empty where it is unknown."""
    return "" if value is None else figure_text(value, w.language)


def shown_days(fields: Mapping[str, str]) -> frozenset[dt.date]:
    """Read the hidden field; what is no day in it counts for nothing."""
    found = set()
    for text in fields.get(SHOWN, "").split(",")[:100]:
        try:
            found.add(dt.date.fromisoformat(text))
        except ValueError:
            continue
    return frozenset(found)


def also_shown(shown: frozenset[dt.date], typed: Mapping[str, str], theirs: Iterable[AccountsIn]) -> str:
    """Return the hidden field with the further years of theirs that are in the form."""
    in_form = {typed.get(name_of(CLOSED_ON, slot), "") for slot in SLOTS}
    more = {one.closed_on for one in theirs if one.closed_on.isoformat() in in_form}
    return ",".join(day.isoformat() for day in sorted(shown | more))
