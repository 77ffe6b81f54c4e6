"""Training rows: features with their labels, and the columns that splits need.

Owns the selection of training rows. `pipelines.training.split` assigns them to periods.
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
        The row's customer, and its as-of day, shape `(n,)`.
    days_late
        Days late where the target is lateness, else NaN, shape `(n,)`.
    subject
        Id of the invoice or customer: with `day` it identifies a row in any ledger, shape `(n,)`.
    due, lateness
        For a lateness target, the invoice's due day after its disputed days, and its days late, inf while
        open at the cut-off: the labels for any other delay follow from them. Else NaN, shape `(n,)`.
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
        """Select rows by mask or index."""
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
        """Return whether each row's invoice was more than `days` late, NaN where censored at a cut-off.

        Parameters
        ----------
        cut
            The last day whose events are known.
        """
        return np.where(self.due + days < cut, (self.lateness > days).astype(np.float64), np.nan)

    def days_late_on(self, cut: int) -> Floats:
        """Return days late as known at the end of a day, like `labels.days_late_label`, shape `(n,)`.

        Parameters
        ----------
        cut
            The last day whose events are known.
        """
        return np.where(self.due + MATURE_DAYS < cut, np.minimum(self.lateness, cut - self.due), np.nan)

    def __len__(self) -> int:
        return len(self.label)


def no_rows(columns: Sequence[str]) -> TrainingRows:
    """Return an empty set of rows with given feature columns."""
    nothing = np.empty(0)
    nobody = np.empty(0, dtype=np.int64)
    frame = pd.DataFrame(columns=list(columns), dtype=np.float64)
    return TrainingRows(frame, nothing, nobody, nobody, nothing, np.empty(0, dtype=object), nothing, nothing)


def late_rows(builder: FeatureBuilder, days: int, cut: int, most: int, seed: int) -> TrainingRows:
    """Build rows of every invoice at its issue and at each month start while it is open and undecided.

    Parameters
    ----------
    days
        Late means more than so many days late.
    cut
        The last day whose events are known: it censors labels, and no row is later.
    most
        Largest number of rows; beyond, a random sample of the invoices is used.
    seed
        Seed of the sample.
    """
    book = builder.book
    document = np.flatnonzero(book.is_invoice & (book.owner >= 0) & (book.issued <= cut))
    decided = ~np.isnan(late_label(book, document, days, cut))
    document = document[decided]
    document = document[_kept(len(document), most, seed)]
    return _about_documents(builder, *_moments(book, document, days, cut), days, cut, most, seed)


def default_rows(
    builder: FeatureBuilder, cut: int, most: int, seed: int, every_months: int = 1
) -> TrainingRows:
    """Build rows of every customer at month starts from its first invoice (`FeatureBuilder.asked_from`).

    Customers in default at the snapshot are left out, and so are snapshots whose 12 months have not run out
    by the cut-off, even with a default already: defaults would be known before non-defaults, and the default
    rate would be overestimated.

    Beyond `most` rows, one random month of every customer-year is taken before any second: twelve months of
    one defaulting company are a single default, and dropping the company loses it.
    """
    begins = builder.asked_from()
    first = int(begins.min(initial=cut))
    snapshots = month_starts(first, cut)[::-1][::every_months][::-1]
    owner = np.repeat(np.arange(len(begins)), len(snapshots))
    day = np.tile(snapshots, len(begins))
    seen = begins[owner] <= day
    owner, day = owner[seen], day[seen]
    label = default_label(builder.events, owner, day, cut)
    decided = np.flatnonzero(~np.isnan(label) & (add_months(day, HORIZON_MONTHS) <= cut))
    decided = decided[_spread(owner[decided], day[decided], most, seed)]
    owner, day, label = owner[decided], day[decided], label[decided]
    return _about_customers(builder, owner, day, label)


def late_questions(
    builder: FeatureBuilder, days: int, first: int, cut: int, most: int, seed: int
) -> TrainingRows:
    """Build the rows of `late_rows` from `first` to `cut`, including those whose label is censored.

    Returns
    -------
    Rows whose label is NaN where the days have not run out by the cut-off.
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
    """Build the rows of `default_rows` at month starts from `first` to `last`, including censored ones.

    Returns
    -------
    Rows whose label is NaN where the 12 months have not run out by the cut-off, with or without a default.
    """
    snapshots, begins = month_starts(first, last), builder.asked_from()
    owner, day = np.repeat(np.arange(len(begins)), len(snapshots)), np.tile(snapshots, len(begins))
    asked = np.flatnonzero((begins[owner] <= day) & ~builder.events.in_default(owner, day))
    asked = asked[_kept(len(asked), most, seed)]
    owner, day = owner[asked], day[asked]
    decided = add_months(day, HORIZON_MONTHS) <= cut
    label = np.where(decided, default_label(builder.events, owner, day, cut), np.nan)
    return _about_customers(builder, owner, day, label)


def _about_documents(
    builder: FeatureBuilder, document: Ints, day: Ints, days: int, cut: int, most: int, seed: int
) -> TrainingRows:
    """Compute rows of documents at given days, sorted by customer and day; at most `most`."""
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
    """Return documents and snapshot days: at issue, and at each month start while open and undecided."""
    end = np.minimum(np.minimum(book.settled[document], book.passes(days)[document]), cut + 1)
    documents, moments = [document], [book.issued[document]]
    for start in month_starts(int(book.issued[document].min()), cut) if len(document) else []:
        running = (book.issued[document] < start) & (end > start)
        documents.append(document[running])
        moments.append(np.full(int(running.sum()), start))
    return np.concatenate(documents), np.concatenate(moments)


def _kept(count: int, most: int, seed: int) -> Ints:
    """Return the indices of the rows to keep, ascending: all, or a random sample of `most`."""
    if count <= most:
        return np.arange(count, dtype=np.int64)
    return np.sort(np.random.default_rng(seed).choice(count, most, replace=False)).astype(np.int64)


def _spread(owner: Ints, day: Ints, most: int, seed: int) -> Ints:
    """Return the indices of the rows to keep, ascending: all, or `most`, round-robin over customer-years."""
    if len(owner) <= most:
        return np.arange(len(owner), dtype=np.int64)
    drawn = np.random.default_rng(seed).random(len(owner))
    group = owner * _YEARS + (day - int(day.min())) // _YEAR_DAYS
    order = np.lexsort((drawn, group))
    begins = np.flatnonzero(np.append(True, np.diff(group[order]) != 0))  # an array's value
    turn = np.empty(len(owner), dtype=np.int64)
    turn[order] = np.arange(len(owner)) - np.repeat(begins, np.diff(np.append(begins, len(owner))))
    return np.sort(np.lexsort((drawn, turn))[:most]).astype(np.int64)
