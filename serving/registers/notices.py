"""Legal notices, and their validity after corrections and annulments.

Owns the relations between notices; `bodacc` parses records into notices. A notice is known from its
publication: the valid notices of a day follow from those published until then.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from models.ledger.tables import FILING_KINDS
from serving.registers.judgments import UNKNOWN

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

SAYS, CORRECTS, ANNULS = "says", "corrects", "annuls"
DEPOSITS = ("accounts", "hidden_accounts")
REGISTERED = "registered"
"""The kind of a notice of a registration, first or repeated."""
STRUCK_OFF = "Radiation"
"""Detail of a closure that a later registration ends; a dissolution is final."""
_MOVED, _MOVING_DAYS = "transfert", 365
"""Detail of a registration after a move of the seat, and its maximum lead over the striking off in days."""


@dataclass(frozen=True, slots=True, order=True)
class Notice:
    """One notice about one company.

    Parameters
    ----------
    notice_id
        Its number: the bulletin's letter, the issue and the place in it.
    kind
        One of the ledger's kinds of filings, `accounts` or `hidden_accounts` for a deposit, `registered` for
        a registration, `none` for no event of its own. `unknown`, for a judgment whose nature or day is not
        recognised, is a filing too, for review.
    happened_on
        The day of the judgment or the event; for a deposit, the end of the financial year.
    detail
        The notice's own text, such as the nature of the judgment.
    role
        Whether it reports an event, corrects another notice, or annuls it.
    undoes
        The number of the notice that it corrects or annuls, empty where it names none.
    """

    notice_id: str
    siren: str
    kind: str
    happened_on: dt.date
    published_on: dt.date
    detail: str
    role: str
    undoes: str = ""

    @property
    def is_filing(self) -> bool:
        """Whether a ledger stores such an event."""
        return self.kind in FILING_KINDS

    @property
    def takes_effect(self) -> bool:
        """Whether it supersedes another notice; for a correction, only if it is recognised itself."""
        understood = self.role == ANNULS or (self.role == CORRECTS and self.kind != UNKNOWN)
        return understood and self.undoes not in {"", self.notice_id}


def standing(notices: Iterable[Notice], day: dt.date | None = None) -> list[Notice]:
    """Return the notices valid at the end of a day, sorted.

    A notice that a later one corrects or annuls is no longer valid, for any company; the correction replaces
    it, and can be corrected itself. An unrecognised correction leaves the original valid: a proceeding is
    never lost to it. A correction that repeats the event leaves it known since its first publication. An
    annulment reports nothing itself.

    Parameters
    ----------
    day
        None for all that is known.
    """
    known = sorted(set(notices), key=lambda one: (one.published_on, one.notice_id, one.siren))
    if day is not None:
        known = [notice for notice in known if notice.published_on <= day]
    undone = {notice.undoes for notice in known if notice.takes_effect}
    alive = _revived(known)
    kept = [notice for notice in known if notice.siren and notice.role != ANNULS]
    said = {(notice.notice_id, notice.siren): notice for notice in kept}
    return sorted(
        _since_first(notice, said)
        for notice in kept
        if notice.notice_id not in undone and (notice.notice_id, notice.siren) not in alive
    )


def _revived(notices: Iterable[Notice]) -> dict[tuple[str, str], dt.date]:
    """Return the strikings off ended by a registration, by number and company, with the end date.

    A company that was struck off and registered again is active: a sole trader who restarts, or a seat moved
    to another court's district. The new court may publish first: then the company was never closed.
    """
    registered: dict[str, list[Notice]] = {}
    struck = []
    for one in notices:
        if one.kind == REGISTERED and one.role != ANNULS:
            registered.setdefault(one.siren, []).append(one)
        elif one.kind == "closure" and one.detail == STRUCK_OFF:
            struck.append(one)
    found: dict[tuple[str, str], dt.date] = {}
    for one in struck:
        days = [
            max(other.published_on, one.published_on)
            for other in registered.get(one.siren, ())
            if other.published_on > one.published_on or _moved_before(other, one)
        ]
        if days:
            found[one.notice_id, one.siren] = min(days)
    return found


def _moved_before(registered: Notice, struck: Notice) -> bool:
    """Return whether a registration after a move shortly preceded the striking off by the former court."""
    days = (struck.published_on - registered.published_on).days
    return 0 <= days <= _MOVING_DAYS and _MOVED in registered.detail.lower()


def _since_first(notice: Notice, said: Mapping[tuple[str, str], Notice]) -> Notice:
    """Return a correction that repeats its event as known since the original publication."""
    first, seen = notice, {notice.notice_id}
    while first.role == CORRECTS and first.undoes not in seen:
        before = said.get((first.undoes, first.siren))
        if before is None or (before.kind, before.happened_on) != (notice.kind, notice.happened_on):
            break
        first = before
        seen.add(first.notice_id)
    return replace(notice, published_on=min(notice.published_on, first.published_on))


@dataclass(frozen=True, slots=True)
class Span:
    """A notice and the publication that ends its validity; None while it is valid."""

    notice: Notice
    withdrawn_on: dt.date | None


def spans(notices: Iterable[Notice]) -> list[Span]:
    """Return every notice that was ever valid with its validity period, sorted.

    It is `standing` for all days at once: a span lasts from a notice's publication to that of the first one
    that corrects or annuls it. A notice undone by an earlier or simultaneous one was never valid.
    """
    known = sorted(set(notices))
    ends: dict[str, dt.date] = {}
    for one in known:
        if one.takes_effect:
            ends[one.undoes] = min(ends.get(one.undoes, one.published_on), one.published_on)
    alive = _revived(known)
    found = [
        Span(one, _earliest(ends.get(one.notice_id), alive.get((one.notice_id, one.siren))))
        for one in known
        if one.siren and one.role != ANNULS
    ]
    return [one for one in found if one.withdrawn_on is None or one.withdrawn_on > one.notice.published_on]


def _earliest(*those: dt.date | None) -> dt.date | None:
    return min((one for one in those if one is not None), default=None)


def unresolved(notices: Iterable[Notice]) -> list[Notice]:
    """Return the corrections and annulments without a target, sorted, for review."""
    return sorted({notice for notice in notices if notice.role != SAYS and not notice.takes_effect})
