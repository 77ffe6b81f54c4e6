"""Training rows: features with their labels, and what splits need to know of each row.

Owns which questions a model is trained on. When rows are used is `pipelines.training.split`'s business.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from models.learning.labels import (
    HORIZON_MONTHS,
    MATURE_DAYS,
    add_months,
    days_late_label,
    default_label,
    late_label,
    month_starts,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from models.arrays import Floats, Ints
    from models.features.book import Book
    from models.features.build import FeatureBuilder

_YEAR_DAYS = 365
_YEARS = 1_000


@dataclass(frozen=True, slots=True)
class TrainingRows:
    """Rows of one target.

    Parameters
    ----------
    frame
        Features, shape `(n, n_features)`.
    label
        0, 1, or NaN where censored, shape `(n,)`.
    owner, day
        Whose row, and as of which day, shape `(n,)`.
    days_late
        Days late where the target is lateness, else NaN, shape `(n,)`.
    subject
        Id of the invoice or customer asked about: with `day` it names a row in any ledger, shape `(n,)`.
    due, lateness
        Where the target is lateness, the invoice's due day, days in dispute put off, and its days late, inf
        where it is open at the cut: they tell every other delay. Else NaN, shape `(n,)`.
    """

    frame: pd.DataFrame
    label: Floats
    owner: Ints
    day: Ints
    days_late: Floats
    subject: NDArray[np.object_]
    due: Floats
    lateness: Floats

    def take(self, rows: NDArray[np.bool_] | Ints) -> TrainingRows:
        """Return some of the rows."""
        return TrainingRows(
            self.frame.iloc[rows] if rows.dtype != bool else self.frame[rows],
            self.label[rows],
            self.owner[rows],
            self.day[rows],
            self.days_late[rows],
            self.subject[rows],
            self.due[rows],
            self.lateness[rows],
        )

    def later_than(self, days: int, cut: int) -> Floats:
        """Return whether each row's invoice came to be more than `days` late, NaN where a cut cannot tell.

        Parameters
        ----------
        cut
            The last day whose events may be known.
        """
        return np.where(self.due + days < cut, (self.lateness > days).astype(np.float64), np.nan)

    def days_late_on(self, cut: int) -> Floats:
        """Return days late as known at the end of a day, as `labels.days_late_label` does, shape `(n,)`.

        Parameters
        ----------
        cut
            The last day whose events may be known.
        """
        return np.where(self.due + MATURE_DAYS < cut, np.minimum(self.lateness, cut - self.due), np.nan)

    def __len__(self) -> int:
        return len(self.label)


def no_rows(columns: Sequence[str]) -> TrainingRows:
    """Return no row, of features by name: what a model that was held against nothing was held against."""
    nothing = np.empty(0)
    nobody = np.empty(0, dtype=np.int64)
    frame = pd.DataFrame(columns=list(columns), dtype=np.float64)
    return TrainingRows(frame, nothing, nobody, nobody, nothing, np.empty(0, dtype=object), nothing, nothing)


def late_rows(builder: FeatureBuilder, days: int, cut: int, most: int, seed: int) -> TrainingRows:
    """Ask about every invoice at its issue and at each month start while it is open and undecided.

    Parameters
    ----------
    days
        Late means more than so many days late.
    cut
        The last day whose events may be known: it censors labels, and nothing is asked after it.
    most
        The most rows to make; a random share of the invoices is left out beyond.
    seed
        Of that choice.
    """
    book = builder.book
    document = np.flatnonzero(book.is_invoice & (book.owner >= 0) & (book.issued <= cut))
    told = ~np.isnan(late_label(book, document, days, cut))
    document = document[told]
    document = document[_kept(len(document), most, seed)]
    return _about_documents(builder, *_moments(book, document, days, cut), days, cut, most, seed)


def default_rows(
    builder: FeatureBuilder, cut: int, most: int, seed: int, every_months: int = 1
) -> TrainingRows:
    """Ask about every customer at month starts from its first invoice (`FeatureBuilder.asked_from`).

    Customers in default at the snapshot are left out: they are decided. So are snapshots whose 12 months have
    not run out by the cut, even those that defaulted already: the bad ones would be known before the good
    ones, and default would look more frequent than it is.

    Where there are more than `most`, every customer's every year gives one random month before any gives two:
    twelve months of one failing company are one failure, and leaving a company out loses it.
    """
    begins = builder.asked_from()
    first = int(begins.min(initial=cut))
    snapshots = month_starts(first, cut)[::-1][::every_months][::-1]
    owner = np.repeat(np.arange(len(begins)), len(snapshots))
    day = np.tile(snapshots, len(begins))
    seen = begins[owner] <= day
    owner, day = owner[seen], day[seen]
    label = default_label(builder.events, owner, day, cut)
    told = np.flatnonzero(~np.isnan(label) & (add_months(day, HORIZON_MONTHS) <= cut))
    told = told[_spread(owner[told], day[told], most, seed)]
    owner, day, label = owner[told], day[told], label[told]
    return _about_customers(builder, owner, day, label)


def late_questions(
    builder: FeatureBuilder, days: int, first: int, cut: int, most: int, seed: int
) -> TrainingRows:
    """Ask what `late_rows` asks, from `first` to `cut`, whether or not the answer can be told by then.

    Returns
    -------
    Rows whose label is NaN where the days have not run out by the cut.
    """
    book = builder.book
    running = np.minimum(book.settled, book.passes(days)) > first
    asked = book.is_invoice & (book.owner >= 0) & (book.issued <= cut) & (running | (book.issued >= first))
    document, day = _moments(book, np.flatnonzero(asked), days, cut)
    recent = day >= first
    return _about_documents(builder, document[recent], day[recent], days, cut, most, seed)


def default_questions(
    builder: FeatureBuilder, first: int, last: int, cut: int, most: int, seed: int
) -> TrainingRows:
    """Ask what `default_rows` asks, at month starts from `first` to `last`, told by the cut or not.

    Returns
    -------
    Rows whose label is NaN where the 12 months have not run out by the cut, default or none.
    """
    snapshots, begins = month_starts(first, last), builder.asked_from()
    owner, day = np.repeat(np.arange(len(begins)), len(snapshots)), np.tile(snapshots, len(begins))
    asked = np.flatnonzero((begins[owner] <= day) & ~builder.events.in_default(owner, day))
    asked = asked[_kept(len(asked), most, seed)]
    owner, day = owner[asked], day[asked]
    told = add_months(day, HORIZON_MONTHS) <= cut
    label = np.where(told, default_label(builder.events, owner, day, cut), np.nan)
    return _about_customers(builder, owner, day, label)


def _about_documents(
    builder: FeatureBuilder, document: Ints, day: Ints, days: int, cut: int, most: int, seed: int
) -> TrainingRows:
    """Describe documents on the days they are asked about, by customer and day; at most so many."""
    book = builder.book
    order = np.lexsort((document, day, book.owner[document]))
    order = order[_kept(len(order), most, seed)]
    document, day = document[order], day[order]
    return TrainingRows(
        builder.documents(document, day),
        late_label(book, document, days, cut),
        book.owner[document],
        day,
        days_late_label(book, document, cut)[0],
        book.invoice_ids[document],
        (book.passes(days)[document] - days - 1).astype(np.float64),
        np.where(book.settled[document] <= cut, book.days_late[document], np.inf),
    )


def _about_customers(builder: FeatureBuilder, owner: Ints, day: Ints, label: Floats) -> TrainingRows:
    subject = builder.book.customer_ids[owner]
    nothing = np.full(len(owner), np.nan)
    return TrainingRows(builder.customers(owner, day), label, owner, day, nothing, subject, nothing, nothing)


def _moments(book: Book, document: Ints, days: int, cut: int) -> tuple[Ints, Ints]:
    """Return documents and days of asking: at issue, and at each month start while open and undecided."""
    end = np.minimum(np.minimum(book.settled[document], book.passes(days)[document]), cut + 1)
    documents, moments = [document], [book.issued[document]]
    for start in month_starts(int(book.issued[document].min()), cut) if len(document) else []:
        running = (book.issued[document] < start) & (end > start)
        documents.append(document[running])
        moments.append(np.full(int(running.sum()), start))
    return np.concatenate(documents), np.concatenate(moments)


def _kept(count: int, most: int, seed: int) -> Ints:
    """Return which of `count` rows to keep, ascending: all, or a random choice of `most`."""
    if count <= most:
        return np.arange(count, dtype=np.int64)
    return np.sort(np.random.default_rng(seed).choice(count, most, replace=False)).astype(np.int64)


def _spread(owner: Ints, day: Ints, most: int, seed: int) -> Ints:
    """Return which rows to keep, ascending: all, or `most`, in turns from every customer's every year."""
    if len(owner) <= most:
        return np.arange(len(owner), dtype=np.int64)
    drawn = np.random.default_rng(seed).random(len(owner))
    group = owner * _YEARS + (day - int(day.min())) // _YEAR_DAYS
    order = np.lexsort((drawn, group))
    begins = np.flatnonzero(np.append(True, np.diff(group[order]) != 0))  # an array's value
    turn = np.empty(len(owner), dtype=np.int64)
    turn[order] = np.arange(len(owner)) - np.repeat(begins, np.diff(np.append(begins, len(owner))))
    return np.sort(np.lexsort((drawn, turn))[:most]).astype(np.int64)
