"""Default spells of customers by domain practice, from which `default12` is derived.

A default starts with an insolvency proceeding; with more than 90 consecutive days past due on an amount above
both 500 EUR and 1 % of the exposure (as in CRR art. 178); or with a write-off. A write-off does not end. A
proceeding ends with its closing judgment (`models.features.proceedings`), lateness on the day the amount
falls back under either threshold.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.features.movements import open_stream, overdue_stream
from models.features.proceedings import Proceedings, next_day
from models.features.running import DAY_BITS, NEVER, Stream, day_numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from models.arrays import Floats, Ints
    from models.features.book import Book
    from models.features.exposure import ExposureStreams
    from models.ledger.ledger import Ledger

PAST_DUE_DAYS = 90
THRESHOLD_CENTS = 50_000
THRESHOLD_SHARE = 0.01
IN_DEFAULT, AFTER_A_PROCEEDING = 1, 2
"""Values of `DefaultEvents.in_default_as`; 0 where the customer is not in default."""


@dataclass(frozen=True, slots=True)
class DefaultEvents:
    """Default spells of a portfolio.

    Parameters
    ----------
    final
        The day of each customer's write-off, `NEVER` where none, `(n_customers,)`: a default without end.
    proceedings
        The proceedings, by judgment and by publication.
    first_known
        The day each customer's first default was known, `NEVER` where none, shape `(n_customers,)`.
    past_due
        Spells of 90 days past due: begin and end as a stream by customer and day of beginning.
    """

    final: Ints
    proceedings: Proceedings
    first_known: Ints
    past_due: Stream

    @classmethod
    def of(cls, ledger: Ledger, book: Book, owed: ExposureStreams | None = None) -> DefaultEvents:
        """Find all spells in a ledger; existing exposure streams are reused."""
        count = len(book.customer_ids)
        final = np.full(count, NEVER, dtype=np.int64)
        losses = ledger.signals[ledger.signals["kind"] == "write_off"]
        debtor = book.codes(losses["customer_id"])
        here = debtor >= 0
        np.minimum.at(final, debtor[here], day_numbers(losses["seen_on"])[here])
        proceedings = Proceedings.of(ledger)
        opened = owed.open if owed else open_stream(book)
        past_due = _past_due(
            opened, owed.overdue[PAST_DUE_DAYS] if owed else overdue_stream(book, PAST_DUE_DAYS)
        )
        first = np.minimum(final, proceedings.first_known(count))
        np.minimum.at(first, past_due.keys >> DAY_BITS, past_due.days())
        return cls(final, proceedings, first, past_due)

    def in_default(self, owner: Ints, day: Ints) -> NDArray[np.bool_]:
        """Return whether each customer is known to be in default at the end of a day, shape `(n,)`."""
        in_proceeding = self.proceedings.known.open(owner, day)
        return in_proceeding | self._otherwise(owner, day)

    def in_default_as(self, owner: Ints, day: Ints) -> Floats:
        """Return the kind of default of each customer known at the end of a day, shape `(n,)`.

        0: not in default; 1: in default, with its published proceeding, if any, still open; 2: in default for
        another reason, with every published proceeding ended.
        """
        in_proceeding, otherwise = self.proceedings.known.open(owner, day), self._otherwise(owner, day)
        ended = self.proceedings.known.opened(owner, day) & ~in_proceeding
        return np.where(otherwise & ended, float(AFTER_A_PROCEEDING), (in_proceeding | otherwise) * 1.0)

    def decided(self, owner: Ints, day: Ints) -> NDArray[np.bool_]:
        """Return whether each customer is in default at the end of a day, published or not, shape `(n,)`."""
        in_proceeding = self.proceedings.judged.open(owner, day)
        return in_proceeding | self._otherwise(owner, day)

    def _otherwise(self, owner: Ints, day: Ints) -> NDArray[np.bool_]:
        """Return whether each customer is in default by a write-off or by long arrears."""
        final: NDArray[np.bool_] = self.final[owner] <= day
        return final | self._inside(owner, day)

    def _inside(self, owner: Ints, day: Ints) -> NDArray[np.bool_]:
        stop, start = self.past_due.upto(owner, day), self.past_due.start(owner)
        ends = self.past_due.last("end", start, stop, 1)[:, 0] if len(owner) else np.array([])
        inside: NDArray[np.bool_] = np.nan_to_num(ends, nan=-1.0) > day
        return inside

    def next_default(self, owner: Ints, day: Ints) -> Ints:
        """Return the next day after a given one on which each customer enters default, `NEVER` if none."""
        lateness = next_day(self.past_due, owner, day)
        final = np.where(self.final[owner] > day, self.final[owner], NEVER)
        return np.minimum(np.minimum(lateness, final), self.proceedings.next(owner, day))


def _past_due(opened: Stream, overdue: Stream) -> Stream:
    keys = _distinct(overdue.keys, opened.keys)
    keys = keys[keys >= 0]  # a document of an unknown customer defaults nobody
    owner, day = keys >> DAY_BITS, keys & ((1 << DAY_BITS) - 1)
    late = overdue.total("amount", overdue.start(owner), overdue.upto(owner, day))
    owed = opened.total("amount", opened.start(owner), opened.upto(owner, day))
    above = (late > THRESHOLD_CENTS) & (late > THRESHOLD_SHARE * np.maximum(owed, 0))
    new = np.concatenate(([True], owner[1:] != owner[:-1])) if len(owner) else np.array([], bool)
    before = np.concatenate(([False], above[:-1])) if len(owner) else above
    begins = np.flatnonzero(above & (new | ~before))
    turns = np.flatnonzero(new | (above != before))
    following = np.append(turns, len(keys))[np.searchsorted(turns, begins, side="right")]
    inside = (following < len(keys)) & (np.append(owner, -1)[following] == owner[begins])
    ends = np.where(inside, np.append(day, NEVER)[following], NEVER)
    return Stream.of(owner[begins], day[begins], {"end": ends})


def _distinct(first: Ints, second: Ints) -> Ints:
    """Return the distinct keys of two arrays, sorted."""
    both = np.sort(np.concatenate((first, second)))
    return both[np.concatenate(([True], both[1:] != both[:-1]))] if len(both) else both
