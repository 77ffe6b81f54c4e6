"""What the registers report, next to the fields that it fills and above them: sources, days, warnings.

Owns which of it is said and where; the form itself is `prospect`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from serving.usecases.register_lookup import NOT_ALLOWED
from serving.web.view_models.prospect_accounts import (
    CLOSED_ON,
    FIGURES,
    SLOTS,
    figure_in_form,
    name_of,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from serving.registers.lookup import ProspectFacts
    from serving.registers.notices import Notice
    from serving.schemas.questions import AccountsIn
    from serving.web.words import Words

NOTICES = "BODACC"


@dataclass(frozen=True, slots=True)
class FactsView:
    """What is said above the form.

    Parameters
    ----------
    found
        Whether the register of companies knows it.
    warnings
        What must be known before anybody decides: proceedings, that it has ceased, judgments to read.
    remarks
        What could not be looked up, and that nobody bears the SIREN.
    """

    found: bool
    warnings: tuple[str, ...]
    remarks: tuple[str, ...]


def facts_view(found: ProspectFacts, w: Words) -> FactsView:
    """Make the view of what was looked up."""
    warnings = [_filing(one, w) for one in found.notices if one.kind != "sale"]
    ceased = found.facts.get("ceased_on") or found.facts.get("active")
    if ceased is not None and ceased.value is not True:
        day = ceased.as_of if ceased.value is False else ceased.value
        warnings.append(w("register.ceased", day=w.day(str(day)), source=ceased.source))
    warnings += [w("register.unread", detail=one.detail, day=w.day(one.published_on)) for one in found.unread]
    return FactsView(found.state == "found", tuple(warnings), tuple(_remarks(found, w)))


def field_notes(
    found: ProspectFacts, typed: Mapping[str, str], theirs: Mapping[str, str], w: Words
) -> dict[str, str]:
    """Return the note of each field: the source of its value, or the value that the registers have instead.

    Parameters
    ----------
    typed
        Values of the fields.
    theirs
        The registers' values as texts of the fields; absent or empty where they have none.
    """
    said = {}
    for name, value in theirs.items():
        fact = found.facts.get(name)
        if fact is not None and value:
            shown = w.day(value) if name == "created_on" else value
            source = _dated(found, fact.source, fact.as_of, w)
            said[name] = _said(typed.get(name, ""), value, shown, source, w)
    return said


def year_notes(
    found: ProspectFacts, typed: Mapping[str, str], theirs: Sequence[AccountsIn], w: Words
) -> dict[str, str]:
    """Return the notes of the accounts, figure by figure, for each year of the form in the registers."""
    sources = {one.closed_on: _dated(found, one.source, one.known_on, w) for one in found.accounts}
    by_day = {one.closed_on.isoformat(): one for one in theirs}
    said = {}
    for slot in SLOTS:
        end = name_of(CLOSED_ON, slot)
        year = by_day.get(typed.get(end, ""))
        if year is None:
            continue
        source = sources[year.closed_on]
        said[end] = w("register.from", source=source)
        for name in FIGURES:
            field, value = name_of(name, slot), figure_in_form(getattr(year, name), w)
            if value:
                said[field] = _said(typed.get(field, ""), value, value, source, w)
    return said


def _said(typed: str, value: str, shown: str, source: str, w: Words) -> str:
    return w("register.from" if typed == value else "register.instead", source=source, value=shown)


def _dated(found: ProspectFacts, source: str, as_of: dt.date, w: Words) -> str:
    fetched = next((day for name, day in found.fetched.items() if source.startswith(name)), None)
    return w("register.dated", source=source, day=w.day(as_of), fetched=w.day(fetched))


def _filing(notice: Notice, w: Words) -> str:
    kind = w(f"filing.{notice.kind}")
    return w("register.filing", kind=kind, day=w.day(notice.published_on), source=NOTICES)


def _remarks(found: ProspectFacts, w: Words) -> list[str]:
    said = [w("register.unknown", siren=w.siren(found.siren))] if found.state == "unknown" else []
    kept_only = [name for name, why in found.away.items() if why == NOT_ALLOWED]
    others = [name for name in found.away if name not in kept_only]
    hidden = [w.day(one.closed_on) for one in found.accounts if one.confidential]
    if hidden:
        said.append(w("register.confidential", days=", ".join(hidden[-3:])))
    if kept_only:
        said.append(w("register.offline", names=", ".join(kept_only)))
    if others:
        said.append(w("register.away", names=", ".join(others)))
    if NOTICES in found.away:
        said.append(w("register.no_notices", source=NOTICES))
    return said
