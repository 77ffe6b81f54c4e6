"""Insolvency proceedings of customers on a day, by judgment or by publication.

Owns the interaction of openings and ends. The registers say which judgments open or end a proceeding, the
policy what a proceeding means for credit.

A proceeding is open while no end was judged after its latest opening: a conversion and a reopening are
openings, a plan ends the observation period. Where both were judged on one day, it is open. It lapses
`LAPSE_YEARS` after its latest opening, as in the State's own list of proceedings. A closing for insufficient
assets is not an end here: it is a default. A publication withdrawn later was known in between and never
judged. `models.law.insolvency` says what an open proceeding or a running plan means for a creditor.
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
"""The latest judgment where all were withdrawn."""


@dataclass(frozen=True, slots=True)
class Judgments:
    """Openings and ends of proceedings, dated by judgment or by publication.

    Parameters
    ----------
    openings, ends
        By customer and day, plans among the ends; their value `newest` is the latest judgment day still valid
        by then, `NOTHING` where all were withdrawn.
    """

    openings: Stream
    ends: Stream

    def open(self, owner: Ints, day: Ints) -> NDArray[np.bool_]:
        """Return whether each customer is in a proceeding at the end of a day, shape `(n,)`."""
        opened, ended = _newest(self.openings, owner, day), _newest(self.ends, owner, day)
        still: NDArray[np.bool_] = ~(ended > opened)  # NaN, without any end, compares false
        lapses = years_later(np.maximum(np.nan_to_num(opened, nan=0.0), 0.0).astype(np.int64), LAPSE_YEARS)
        return (opened > NOTHING) & still & (day < lapses)

    def opened(self, owner: Ints, day: Ints) -> NDArray[np.bool_]:
        """Return whether a proceeding of each customer is known by the end of a day, ended or not, `(n,)`.

        A plan or an end implies an opening published before the ledger begins.
        """
        found: NDArray[np.bool_] = _newest(self.openings, owner, day) > NOTHING
        return found | (_newest(self.ends, owner, day) > NOTHING)


@dataclass(frozen=True, slots=True)
class Proceedings:
    """Proceedings of a portfolio, by judgment and by publication.

    Parameters
    ----------
    judged
        By the day of the judgment.
    known
        By the day of its publication: the version to use as of a day.
    begins
        The judgment days on which a customer without an open proceeding entered one.
    """

    judged: Judgments
    known: Judgments
    begins: Stream

    @classmethod
    def of(cls, ledger: Ledger) -> Proceedings:
        """Find the proceedings of all customers of a ledger."""
        kind = ledger.filings["kind"]
        filings = ledger.filings[kind.isin((*PROCEEDINGS, *PLANS, PROCEEDING_ENDED))]
        rows, owner = concerned(ledger, filings)
        judgments = filings.iloc[rows]
        here = owner >= 0
        owner, is_end = owner[here], (~judgments["kind"].isin(PROCEEDINGS)).to_numpy(bool)[here]
        day, published = (_days(judgments[name])[here] for name in ("judged_on", "published_on"))
        back = day_numbers(judgments["withdrawn_on"])[here]
        stands = back == NEVER
        judged = _on_calendar(owner[stands], day[stands], day[stands], back[stands], is_end[stands])
        known = _on_calendar(owner, published, day, back, is_end)
        return cls(judged, known, _begins(judged))

    def next(self, owner: Ints, day: Ints) -> Ints:
        """Return the first day after a given one on which each customer enters a proceeding, or `NEVER`."""
        return next_day(self.begins, owner, day)

    def first_known(self, count: int) -> Ints:
        """Return the day of each customer's first published opening, `NEVER` where none, `(count,)`.

        An opening withdrawn later counts: it was known that day.
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
    """Add calendar years to day numbers; 29 February becomes the 28th in a common year."""
    date = day.astype("datetime64[D]")
    month = date.astype("datetime64[M]")
    later = month + np.timedelta64(12 * years, "M")
    last = (later + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    found: Ints = np.minimum(later.astype("datetime64[D]") + (date - month), last).astype(np.int64)
    return found


def _days(dates: object) -> Ints:
    """Return dates as day numbers from 0: dates before 1970 are clipped."""
    return np.maximum(day_numbers(dates), 0)


def _on_calendar(owner: Ints, seen: Ints, judged: Ints, back: Ints, is_end: NDArray[np.bool_]) -> Judgments:
    openings, ends = (
        _stream(owner[which], seen[which], judged[which], back[which]) for which in (~is_end, is_end)
    )
    return Judgments(openings, ends)


def _stream(owner: Ints, seen: Ints, judged: Ints, back: Ints) -> Stream:
    """Return the latest judgment by owner and day; owners with withdrawals are computed day by day."""
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
    """Return the days on which an owner's valid judgments change, with the latest judgment from then on."""
    days = np.unique(np.concatenate((seen, back[back < NEVER])))
    stands = [judged[(seen <= day) & (day < back)] for day in days]
    return [(owner, int(day), int(one.max(initial=NOTHING))) for day, one in zip(days, stands, strict=True)]


def _newest(stream: Stream, owner: Ints, day: Ints) -> Floats:
    """Return each owner's latest judgment day known by a day, NaN without any."""
    return stream.last("newest", stream.start(owner), stream.upto(owner, day), 1)[:, 0]


def _begins(judged: Judgments) -> Stream:
    keys = np.unique(judged.openings.keys)
    owner, day = keys >> DAY_BITS, keys & ((1 << DAY_BITS) - 1)
    fresh = ~judged.open(owner, day - 1)
    return Stream.of(owner[fresh], day[fresh], {})
