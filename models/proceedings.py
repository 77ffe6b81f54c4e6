"""Who is in an insolvency proceeding on a day, by what was judged or by what was published of it.

Owns how openings and ends bear on one another. Which judgments open or end a proceeding is the registers'
business, what a proceeding does to credit the policy's.

A proceeding is open while no end was judged after its newest opening: a conversion, a plan and a reopening
come as openings. Where both were judged on one day, it is open. A closing for want of assets is no end here:
it is a failure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.features.company import concerned
from models.features.running import DAY_BITS, NEVER, Stream, day_numbers
from models.ledger import PROCEEDING_ENDED, PROCEEDINGS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from models.features.running import Floats, Ints
    from models.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Judgments:
    """Openings and ends of proceedings on one calendar: that of judgments, or that of their publication.

    Parameters
    ----------
    openings, ends
        By customer and day; their value `newest` is the latest day of judgment seen until then.
    """

    openings: Stream
    ends: Stream

    def open(self, owner: Ints, day: Ints) -> NDArray[np.bool_]:
        """Tell whether each customer is in a proceeding at the end of a day, shape `(n,)`."""
        opened, ended = _newest(self.openings, owner, day), _newest(self.ends, owner, day)
        still: NDArray[np.bool_] = ~(ended > opened)  # what never ended is unknown, and not above
        return ~np.isnan(opened) & still


@dataclass(frozen=True, slots=True)
class Proceedings:
    """Proceedings of a portfolio, as they are and as they are known.

    Parameters
    ----------
    judged
        By the day of the judgment.
    known
        By the day of its publication: what may be used as of a day.
    begins
        The days on which a customer that was in none entered one, by their judgments.
    """

    judged: Judgments
    known: Judgments
    begins: Stream

    @classmethod
    def of(cls, ledger: Ledger) -> Proceedings:
        """Find the proceedings of every customer of a ledger."""
        kind = ledger.filings["kind"]
        filings = ledger.filings[kind.isin((*PROCEEDINGS, PROCEEDING_ENDED))]
        rows, owner = concerned(ledger, filings)
        told = filings.iloc[rows]
        here = owner >= 0
        owner, is_end = owner[here], (told["kind"] == PROCEEDING_ENDED).to_numpy(bool)[here]
        day, published = (_days(told[name])[here] for name in ("judged_on", "published_on"))
        judged = _on_calendar(owner, day, day, is_end)
        known = _on_calendar(owner, published, day, is_end)
        return cls(judged, known, _begins(judged))

    def next(self, owner: Ints, day: Ints) -> Ints:
        """Return the day each customer next enters a proceeding after a day, `NEVER` where it does not."""
        return next_day(self.begins, owner, day)

    def first_known(self, count: int) -> Ints:
        """Return the day each customer's first opening was published, `NEVER` where none, `(count,)`."""
        first = np.full(count, NEVER, dtype=np.int64)
        openings = self.known.openings
        np.minimum.at(first, openings.keys >> DAY_BITS, openings.days())
        return first


def next_day(stream: Stream, owner: Ints, day: Ints) -> Ints:
    """Return the day of each owner's first event after a day, `NEVER` where there is none, shape `(n,)`."""
    keys = np.append(stream.keys, -1)[stream.upto(owner, day)]
    return np.where(keys >> DAY_BITS == owner, keys & ((1 << DAY_BITS) - 1), NEVER)


def _days(dates: object) -> Ints:
    """Return dates as days from 0: before 1970 nothing is told apart."""
    return np.maximum(day_numbers(dates), 0)


def _on_calendar(owner: Ints, seen: Ints, judged: Ints, is_end: NDArray[np.bool_]) -> Judgments:
    openings, ends = (_stream(owner[which], seen[which], judged[which]) for which in (~is_end, is_end))
    return Judgments(openings, ends)


def _stream(owner: Ints, seen: Ints, judged: Ints) -> Stream:
    order = np.lexsort((judged, seen, owner))
    owner, seen, judged = owner[order], seen[order], judged[order]
    latest = np.maximum.accumulate((owner << DAY_BITS) | judged) if len(owner) else judged
    return Stream.of(owner, seen, {"newest": latest & ((1 << DAY_BITS) - 1)})


def _newest(stream: Stream, owner: Ints, day: Ints) -> Floats:
    """Return the latest day of judgment that each owner's events tell by a day, NaN without any."""
    return stream.last("newest", stream.start(owner), stream.upto(owner, day), 1)[:, 0]


def _begins(judged: Judgments) -> Stream:
    keys = np.unique(judged.openings.keys)
    owner, day = keys >> DAY_BITS, keys & ((1 << DAY_BITS) - 1)
    fresh = ~judged.open(owner, day - 1)
    return Stream.of(owner[fresh], day[fresh], {})
