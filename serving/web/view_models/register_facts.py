"""What the registers say, beside the fields that it fills and above them: sources, days, warnings.

Owns which of it is said and where; the form itself is `prospect`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from serving.lookups import NOT_ALLOWED

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from serving.registers.lookup import ProspectFacts
    from serving.registers.notices import Notice
    from serving.web.words import Words

NOTICES = "BODACC"
YEAR = "closed_on"


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


def beside(
    found: ProspectFacts, typed: Mapping[str, str], theirs: Mapping[str, str], w: Words
) -> dict[str, str]:
    """Return what is said beside each field: where its value comes from, or what they say instead.

    Parameters
    ----------
    typed
        What stands in the fields.
    theirs
        The registers' values as they would stand there; what they do not say is absent or empty.
    """
    said = {}
    for name, value in theirs.items():
        source = _source(found, name, w)
        if source and value:
            key = "register.from" if typed.get(name) == value else "register.instead"
            shown = w.day(value) if name in (YEAR, "created_on") else value
            said[name] = w(key, source=source, value=shown)
    return said


def _source(found: ProspectFacts, name: str, w: Words) -> str | None:
    """Return the register that gave a field's value, from when it knows it and when it was asked."""
    fact, years = found.facts.get(name), found.accounts
    if fact is not None:
        return _dated(found, fact.source, fact.as_of, w)
    return _dated(found, years[-1].source, years[-1].known_on, w) if years else None


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
    if kept_only:
        said.append(w("register.offline", names=", ".join(kept_only)))
    if others:
        said.append(w("register.away", names=", ".join(others)))
    if NOTICES in found.away:
        said.append(w("register.no_notices", source=NOTICES))
    return said
