"""Legal notices, and what stays of them once some have been corrected or annulled.

Owns how notices bear on one another; how a record becomes a notice is `bodacc`'s. A notice is known from its
publication: what stood on a day is told by the notices published until then.
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
ROLES = (SAYS, CORRECTS, ANNULS)
DEPOSITS = ("accounts", "hidden_accounts")
REGISTERED = "registered"
"""The kind of a notice that a company was entered in the register, anew or for the first time."""
STRUCK_OFF = "Radiation"
"""What a closure is called that a later registration ends; a dissolved company does not come back."""
_MOVED, _MOVING_DAYS = "transfert", 365
"""A registration after a move of the seat, and how long before the old court's striking off it may come."""


@dataclass(frozen=True, slots=True, order=True)
class Notice:
    """One notice about one company.

    Parameters
    ----------
    notice_id
        Its number: the bulletin's letter, the issue and the place in it.
    kind
        One of the ledger's kinds of filings, `accounts` or `hidden_accounts` for a deposit, `registered` for
        a registration, `none` for what is no event of its own. `unknown`, for a judgment whose nature or day
        is not known, is a filing too: a person must read it.
    happened_on
        The day of the judgment or the event; of a deposit, the end of the financial year.
    detail
        The notice's own words, such as the nature of the judgment.
    role
        Whether it says something, corrects what another said, or annuls it.
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
        """Whether a ledger holds such an event."""
        return self.kind in FILING_KINDS

    @property
    def takes_effect(self) -> bool:
        """Whether it undoes another notice; of a correction, only where it is understood itself."""
        understood = self.role == ANNULS or (self.role == CORRECTS and self.kind != UNKNOWN)
        return understood and self.undoes not in {"", self.notice_id}


def standing(notices: Iterable[Notice], day: dt.date | None = None) -> list[Notice]:
    """Return the notices that stand at the end of a day, sorted.

    What a later notice corrects or annuls no longer stands, whichever company it was about; a correction
    stands in its place, itself open to correction. A correction that cannot be understood leaves what it
    corrects: a proceeding is never lost to it. One that tells the same event again leaves it known since it
    was first published. An annulment says nothing of its own.

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
    """Return the strikings off that a registration ended, by number and company, and from which day.

    A company that was struck off and registered again lives: a sole trader who starts anew, or a seat that
    moved to another court's district. The court it moved to may publish first: then it never was closed.
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
    """Tell whether a registration after a move came shortly before the striking off by the court it left."""
    days = (struck.published_on - registered.published_on).days
    return 0 <= days <= _MOVING_DAYS and _MOVED in registered.detail.lower()


def _since_first(notice: Notice, said: Mapping[tuple[str, str], Notice]) -> Notice:
    """Return a correction that repeats the event it corrects as known since that was published."""
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
    """A notice, and the publication from which it stands no more; None while it stands."""

    notice: Notice
    withdrawn_on: dt.date | None


def spans(notices: Iterable[Notice]) -> list[Span]:
    """Return every notice that ever stood with the time in which it did, sorted.

    It is `standing` of all days at once: a span holds the days from a notice's publication up to that of the
    first that corrects or annuls it. One that is undone by what was published before or with it never stood.
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
    """Return the corrections and annulments that undo nothing, sorted: a person must look."""
    return sorted({notice for notice in notices if notice.role != SAYS and not notice.takes_effect})
