"""Training rows: features with their labels, and the columns that splits need.

Owns the selection of training rows, from a whole ledger or from its parts: the same rows in the same order.
`pipelines.training.split` assigns them to periods.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Protocol

import numpy as np
import pandas as pd

from models.learning.candidates import Candidates, limit_of, ranks, spread_ranks
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


class RowRequest(Protocol):
    """Rows of one target to draw from a ledger, whole or in parts."""

    @property
    def most(self) -> int:
        """Largest number of rows; beyond, those of the smallest ranks are drawn."""

    @property
    def reads_invoices(self) -> bool:
        """Whether the rows have features of invoices."""

    def candidates(self, builder: FeatureBuilder) -> Candidates:
        """Return the rows of these customers that may be drawn."""

    def rows(self, builder: FeatureBuilder, drawn: Candidates) -> TrainingRows:
        """Compute features and labels of drawn rows, in their order."""


@dataclass(frozen=True, slots=True)
class LateRows:
    """Every invoice at its issue and at each month start while it is open and undecided.

    Parameters
    ----------
    days
        Late means more than so many days late.
    cut
        The last day whose events are known: it censors labels, and no row is later.
    most
        Largest number of rows; beyond, a random sample is drawn.
    seed
        Seed of the sample.
    """

    days: int
    cut: int
    most: int
    seed: int
    reads_invoices: ClassVar[bool] = True

    def candidates(self, builder: FeatureBuilder) -> Candidates:
        """Return the rows whose label is known by the cut-off."""
        book = builder.book
        document = np.flatnonzero(book.is_invoice & (book.owner >= 0) & (book.issued <= self.cut))
        document = document[~np.isnan(late_label(book, document, self.days, self.cut))]
        return _invoice_candidates(book, *_moments(book, document, self.days, self.cut), self.seed)

    def rows(self, builder: FeatureBuilder, drawn: Candidates) -> TrainingRows:
        """Compute features and labels of drawn rows, in their order."""
        return _about_documents(builder, drawn, self.days, self.cut)


@dataclass(frozen=True, slots=True)
class LateQuestions:
    """The rows of `LateRows` from the day `first`, including those whose label is censored, then NaN."""

    days: int
    first: int
    cut: int
    most: int
    seed: int
    reads_invoices: ClassVar[bool] = True

    def candidates(self, builder: FeatureBuilder) -> Candidates:
        """Return the rows from `first` to the cut-off."""
        book, days = builder.book, self.days
        running = np.minimum(book.settled, book.passes(days)) > self.first
        asked = book.is_invoice & (book.owner >= 0) & (book.issued <= self.cut)
        asked &= running | (book.issued >= self.first)
        document, day = _moments(book, np.flatnonzero(asked), days, self.cut)
        recent = day >= self.first
        return _invoice_candidates(book, document[recent], day[recent], self.seed)

    def rows(self, builder: FeatureBuilder, drawn: Candidates) -> TrainingRows:
        """Compute features and labels of drawn rows, in their order."""
        return _about_documents(builder, drawn, self.days, self.cut)


@dataclass(frozen=True, slots=True)
class DefaultRows:
    """Every customer at month starts from its first invoice (`FeatureBuilder.asked_from`).

    Customers in default at the snapshot are left out, and so are snapshots whose 12 months have not run out
    by the cut-off, even with a default already: defaults would be known before non-defaults, and the default
    rate would be overestimated.

    Beyond `most` rows, one random month of every customer-year is taken before any second: twelve months of
    one defaulting company are a single default, and dropping the company loses it.
    """

    cut: int
    most: int
    seed: int
    every_months: int = 1
    reads_invoices: ClassVar[bool] = False

    def candidates(self, builder: FeatureBuilder) -> Candidates:
        """Return the rows whose label is known by the cut-off."""
        begins = builder.asked_from()
        first = int(begins.min(initial=self.cut))
        snapshots = month_starts(first, self.cut)[::-1][:: self.every_months][::-1]
        owner, day = _customers_on(begins, snapshots)
        label = default_label(builder.events, owner, day, self.cut)
        decided = ~np.isnan(label) & (add_months(day, HORIZON_MONTHS) <= self.cut)
        owner, day = owner[decided], day[decided]
        subject = builder.book.customer_ids
        return Candidates.of_customers(owner, day, spread_ranks(subject, owner, day, self.seed))

    def rows(self, builder: FeatureBuilder, drawn: Candidates) -> TrainingRows:
        """Compute features and labels of drawn rows, in their order."""
        return _about_customers(builder, drawn, self.cut)


@dataclass(frozen=True, slots=True)
class DefaultQuestions:
    """The rows of `DefaultRows` at month starts from `first` to `last`, including censored ones.

    The label is NaN where the 12 months have not run out by the cut-off, with or without a default.
    """

    first: int
    last: int
    cut: int
    most: int
    seed: int
    reads_invoices: ClassVar[bool] = False

    def candidates(self, builder: FeatureBuilder) -> Candidates:
        """Return the rows of customers not known to be in default."""
        owner, day = _customers_on(builder.asked_from(), month_starts(self.first, self.last))
        asked = ~builder.events.in_default(owner, day)
        owner, day = owner[asked], day[asked]
        return Candidates.of_customers(owner, day, ranks(builder.book.customer_ids, owner, day, self.seed))

    def rows(self, builder: FeatureBuilder, drawn: Candidates) -> TrainingRows:
        """Compute features and labels of drawn rows, in their order."""
        return _about_customers(builder, drawn, self.cut)


@dataclass(frozen=True, slots=True, eq=False)
class PartRows:
    """Drawn rows of a part of a ledger, with the id of each row's customer, shape `(n,)`."""

    rows: TrainingRows
    customer_ids: NDArray[np.object_]

    @classmethod
    def of(cls, request: RowRequest, builder: FeatureBuilder, limit: np.uint64) -> PartRows:
        """Draw the rows up to a rank."""
        found = request.candidates(builder)
        drawn = found.take(found.rank <= limit)
        return cls(request.rows(builder, drawn), builder.book.customer_ids[drawn.owner])


def rows_of_parts(parts: Sequence[PartRows]) -> TrainingRows:
    """Put the rows of all parts in the order of customers, days and subjects, whatever the parts.

    Customers are numbered in the order of their ids.
    """
    found = [part.rows for part in parts]
    owner = np.unique(np.concatenate([part.customer_ids for part in parts]), return_inverse=True)[1]
    together = TrainingRows(
        pd.concat([rows.frame for rows in found], ignore_index=True),
        np.concatenate([rows.label for rows in found]),
        owner.astype(np.int64),
        np.concatenate([rows.day for rows in found]),
        np.concatenate([rows.days_late for rows in found]),
        np.concatenate([rows.subject for rows in found]),
        np.concatenate([rows.due for rows in found]),
        np.concatenate([rows.lateness for rows in found]),
    )
    subject = np.unique(together.subject, return_inverse=True)[1]
    ordered = together.take(np.lexsort((subject, together.day, together.owner)))
    return replace(ordered, frame=ordered.frame.reset_index(drop=True))


def draw_rows(builder: FeatureBuilder, request: RowRequest) -> TrainingRows:
    """Draw rows from a whole ledger; `pipelines.training.drawing` draws from parts."""
    limit = limit_of([request.candidates(builder).smallest(request.most)], request.most)
    return rows_of_parts([PartRows.of(request, builder, limit)])


def _customers_on(begins: Ints, snapshots: Ints) -> tuple[Ints, Ints]:
    """Return each customer on each day from its first one, as codes and days."""
    owner, day = np.repeat(np.arange(len(begins)), len(snapshots)), np.tile(snapshots, len(begins))
    seen = begins[owner] <= day
    return owner[seen], day[seen]


def _invoice_candidates(book: Book, document: Ints, day: Ints, seed: int) -> Candidates:
    rank = ranks(book.invoice_ids, document, day, seed)
    return Candidates(book.owner[document], day, document, rank)


def _about_documents(builder: FeatureBuilder, drawn: Candidates, days: int, cut: int) -> TrainingRows:
    book, document, day = builder.book, drawn.document, drawn.day
    return TrainingRows(
        builder.documents(document, day),
        late_label(book, document, days, cut),
        drawn.owner,
        day,
        days_late_label(book, document, cut)[0],
        book.invoice_ids[document],
        (book.passes(days)[document] - days - 1).astype(np.float64),
        np.where(book.settled[document] <= cut, book.days_late[document], np.inf),
    )


def _about_customers(builder: FeatureBuilder, drawn: Candidates, cut: int) -> TrainingRows:
    owner, day = drawn.owner, drawn.day
    decided = add_months(day, HORIZON_MONTHS) <= cut
    label = np.where(decided, default_label(builder.events, owner, day, cut), np.nan)
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
