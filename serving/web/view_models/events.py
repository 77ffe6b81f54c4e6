"""What registers published of a customer and what the seller noted, as one list by day, the latest first.

Owns how an event is shown. The night selects the events.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from serving.store.dossiers import Dossier, Event
    from serving.web.words import Words

PROCEEDINGS = ("safeguard", "receivership", "liquidation", "safeguard_plan", "receivership_plan", "unknown")
SHOWN = 10
"""Number of events on the page; the rest is folded below."""
GRAVE = (*PROCEEDINGS, "closure", "write_off")
"""Kinds shown in the colour of a loss."""
_HAPPENED = dict.fromkeys(PROCEEDINGS, "judged") | {"accounts": "closed", "accounts_confidential": "closed"}


@dataclass(frozen=True, slots=True)
class EventLine:
    """One event as texts: its day, its kind, and details."""

    day: str
    what: str
    details: str
    is_grave: bool


@dataclass(frozen=True, slots=True)
class EventsView:
    """The events, the latest first: those shown, and those folded."""

    latest: tuple[EventLine, ...]
    earlier: tuple[EventLine, ...]


def events_view(dossier: Dossier, w: Words) -> EventsView:
    """Make the view of a customer's filings and signals."""
    events = [(event, "filing") for event in dossier.filings]
    events += [(event, "signal") for event in dossier.signals]
    events.sort(key=lambda one: one[0].known_on, reverse=True)
    lines = tuple(_line(event, section, w) for event, section in events)
    return EventsView(lines[:SHOWN], lines[SHOWN:])


def _line(event: Event, section: str, w: Words) -> EventLine:
    happened = _HAPPENED.get(event.kind, "happened")
    is_told = event.happened_on is not None and (
        happened != "happened" or event.happened_on != event.known_on
    )
    # The ledger does not say where accounts were read.
    no_source = "" if event.kind.startswith("accounts") else w("events.no_source")
    parts = [
        w(f"filing.{happened}", day=w.day(event.happened_on)) if is_told else "",
        w("events.source", source=event.source) if event.source else no_source,
    ]
    return EventLine(
        day=w.day(event.known_on),
        what=_what(event, section, w),
        details=" · ".join(part for part in parts if part),
        is_grave=event.kind in GRAVE,
    )


def _what(event: Event, section: str, w: Words) -> str:
    eur = w.eur(event.amount_eur)
    return w(f"signal.{event.kind}", eur=eur) if section == "signal" else w(f"filing.{event.kind}")
