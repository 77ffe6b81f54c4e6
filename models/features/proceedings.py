"""Who is in an insolvency proceeding on a day, by what was judged or by what was published of it.

Owns how openings and ends bear on one another. Which judgments open or end a proceeding is the registers'
business, what a proceeding does to credit the policy's.

A proceeding is open while no end was judged after its newest opening: a conversion and a reopening come as
openings, a plan ends the observation period. Where both were judged on one day, it is open. It lapses
`LAPSE_YEARS` after its newest opening, as in the State's own list of proceedings. A closing for want of
assets is no end here: it is a failure. What was published and withdrawn later was known in between and never
judged. What an open proceeding or a running plan means for a creditor is `models.law.insolvency`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.features.company import concerned
from models.features.running import DAY_BITS, NEVER, Stream, day_numbers
from models.law.insolvency import LAPSE_YEARS
from models.ledger.tables import PLANS, PROCEEDING_ENDED, PROCEEDINGS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from models.arrays import Floats, Ints
    from models.ledger.ledger import Ledger


NOTHING = -1
"""The newest judgment of those of whom none stands any more."""


@dataclass(frozen=True, slots=True)
class Judgments:
    """Openings and ends of proceedings on one calendar: that of judgments, or that of their publication.

    Parameters
    ----------
    openings, ends
        By customer and day, plans among the ends; their value `newest` is the latest day of judgment that
        stands by then, `NOTHING` where all was withdrawn.
    """

    openings: Stream
    ends: Stream

    def open(self, owner: Ints, day: Ints) -> NDArray[np.bool_]:
        """Tell whether each customer is in a proceeding at the end of a day, shape `(n,)`."""
        opened, ended = _newest(self.openings, owner, day), _newest(self.ends, owner, day)
        still: NDArray[np.bool_] = ~(ended > opened)  # what never ended is unknown, and not above
        lapses = years_later(np.maximum(np.nan_to_num(opened, nan=0.0), 0.0).astype(np.int64), LAPSE_YEARS)
        return (opened > NOTHING) & still & (day < lapses)

    def opened(self, owner: Ints, day: Ints) -> NDArray[np.bool_]:
        """Tell whether a proceeding of each customer is known by the end of a day, ended or not, `(n,)`.

        A plan or an end proves one whose opening was published before the ledger begins.
        """
        found: NDArray[np.bool_] = _newest(self.openings, owner, day) > NOTHING
        return found | (_newest(self.ends, owner, day) > NOTHING)


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
        filings = ledger.filings[kind.isin((*PROCEEDINGS, *PLANS, PROCEEDING_ENDED))]
        rows, owner = concerned(ledger, filings)
        told = filings.iloc[rows]
        here = owner >= 0
        owner, is_end = owner[here], (~told["kind"].isin(PROCEEDINGS)).to_numpy(bool)[here]
        day, published = (_days(told[name])[here] for name in ("judged_on", "published_on"))
        back = day_numbers(told["withdrawn_on"])[here]
        stands = back == NEVER
        judged = _on_calendar(owner[stands], day[stands], day[stands], back[stands], is_end[stands])
        known = _on_calendar(owner, published, day, back, is_end)
        return cls(judged, known, _begins(judged))

    def next(self, owner: Ints, day: Ints) -> Ints:
        """Return the day each customer next enters a proceeding after a day, `NEVER` where it does not."""
        return next_day(self.begins, owner, day)

    def first_known(self, count: int) -> Ints:
        """Return the day each customer's first opening was published, `NEVER` where none, `(count,)`.

        One that was withdrawn later counts: it was known that day.
        """
        first = np.full(count, NEVER, dtype=np.int64)
        openings = self.known.openings
        np.minimum.at(first, openings.keys >> DAY_BITS, openings.days())
        return first


def next_day(stream: Stream, owner: Ints, day: Ints) -> Ints:
    """Return the day of each owner's first event after a day, `NEVER` where there is none, shape `(n,)`."""
    keys = np.append(stream.keys, -1)[stream.upto(owner, day)]
    return np.where(keys >> DAY_BITS == owner, keys & ((1 << DAY_BITS) - 1), NEVER)


def years_later(day: Ints, years: int) -> Ints:
    """Return day numbers so many years later; 29 February becomes the 28th in a common year."""
    date = day.astype("datetime64[D]")
    month = date.astype("datetime64[M]")
    later = month + np.timedelta64(12 * years, "M")
    last = (later + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    found: Ints = np.minimum(later.astype("datetime64[D]") + (date - month), last).astype(np.int64)
    return found


def _days(dates: object) -> Ints:
    """Return dates as days from 0: before 1970 nothing is told apart."""
    return np.maximum(day_numbers(dates), 0)


def _on_calendar(owner: Ints, seen: Ints, judged: Ints, back: Ints, is_end: NDArray[np.bool_]) -> Judgments:
    openings, ends = (
        _stream(owner[which], seen[which], judged[which], back[which]) for which in (~is_end, is_end)
    )
    return Judgments(openings, ends)


def _stream(owner: Ints, seen: Ints, judged: Ints, back: Ints) -> Stream:
    """Return the latest judgment by owner and day; of whoever saw one withdrawn, turn by turn."""
    changing = np.isin(owner, owner[back < NEVER])
    steady, turning = np.flatnonzero(~changing), np.flatnonzero(changing)
    order = steady[np.lexsort((judged[steady], seen[steady], owner[steady]))]
    latest = np.maximum.accumulate((owner[order] << DAY_BITS) | judged[order]) if len(order) else order
    turning = turning[np.argsort(owner[turning], kind="stable")]
    parts = np.split(turning, np.flatnonzero(np.diff(owner[turning])) + 1) if len(turning) else []
    turns = np.array(
        [
            turn
            for part in parts
            for turn in _turns(int(owner[part[0]]), seen[part], judged[part], back[part])
        ],
        dtype=np.int64,
    ).reshape(-1, 3)
    return Stream.of(
        np.concatenate((owner[order], turns[:, 0])),
        np.concatenate((seen[order], turns[:, 1])),
        {"newest": np.concatenate((latest & ((1 << DAY_BITS) - 1), turns[:, 2]))},
    )


def _turns(owner: int, seen: Ints, judged: Ints, back: Ints) -> list[tuple[int, int, int]]:
    """Return the days on which what stands of an owner changes, with the latest judgment from then on."""
    days = np.unique(np.concatenate((seen, back[back < NEVER])))
    stands = [judged[(seen <= day) & (day < back)] for day in days]
    return [(owner, int(day), int(one.max(initial=NOTHING))) for day, one in zip(days, stands, strict=True)]


def _newest(stream: Stream, owner: Ints, day: Ints) -> Floats:
    """Return the latest day of judgment that each owner's events tell by a day, NaN without any."""
    return stream.last("newest", stream.start(owner), stream.upto(owner, day), 1)[:, 0]


def _begins(judged: Judgments) -> Stream:
    keys = np.unique(judged.openings.keys)
    owner, day = keys >> DAY_BITS, keys & ((1 << DAY_BITS) - 1)
    fresh = ~judged.open(owner, day - 1)
    return Stream.of(owner[fresh], day[fresh], {})
