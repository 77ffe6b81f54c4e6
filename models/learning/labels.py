"""Training targets: `late30` (or any number of days), days late, and `default12`, with censoring.

A target that cannot be observed by the cut-off is NaN: censored, never counted as good.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from models.arrays import Floats, Ints
    from models.features.book import Book
    from models.features.default_events import DefaultEvents

HORIZON_MONTHS = 12
MATURE_DAYS = 30


def late_label(book: Book, document: Ints, days: int, cut: int) -> Floats:
    """Return whether documents became more than `days` days late, as known at the end of a day.

    A document whose days have not run out by the cut-off is censored even if already paid: good outcomes
    would otherwise be known before bad ones, and late payment would be underestimated.

    Parameters
    ----------
    document
        Positions in the book, shape `(n,)`.
    days
        Days past the due date, excluding days in dispute.
    cut
        The last day whose events are known.

    Returns
    -------
    1 late, 0 not, NaN censored; shape `(n,)`.
    """
    passes = book.passes(days)[document]
    late = (book.settled[document] >= passes).astype(np.float64)
    return np.where(passes <= cut, late, np.nan)


def days_late_label(book: Book, document: Ints, cut: int) -> tuple[Floats, NDArray[np.bool_]]:
    """Return days late as known at the end of a day, and whether they are final.

    Returns
    -------
    Days late of settled documents, and the current days late of open ones, a lower bound; NaN where 30 days
    past due have not run out, as early payers would otherwise represent all. And True where the value is
    final. Both of shape `(n,)`.
    """
    settled = book.settled[document]
    final = settled <= cut
    begins = np.maximum(book.disputed_from[document], book.due[document])
    disputed = np.maximum(np.minimum(book.disputed_to[document], cut) - begins, 0)
    so_far = cut - book.due[document] - disputed
    decided = book.passes(MATURE_DAYS)[document] <= cut
    days = np.where(final, book.days_late[document], so_far).astype(np.float64)
    return np.where(decided, days, np.nan), final & decided


def default_label(events: DefaultEvents, owner: Ints, day: Ints, cut: int) -> Floats:
    """Return whether customers default within 12 months of a snapshot, as known at the end of a day.

    Parameters
    ----------
    owner, day
        Customer codes and snapshot days, shape `(n,)`.
    cut
        The last day whose events are known.

    Returns
    -------
    1 default, 0 none, NaN censored or already in default at the snapshot; shape `(n,)`.
    """
    horizon = add_months(day, HORIZON_MONTHS)
    following = events.next_default(owner, day)
    bad = (following <= horizon) & (following <= cut)
    label = np.where(bad, 1.0, np.where(horizon <= cut, 0.0, np.nan))
    return np.where(events.decided(owner, day), np.nan, label)


def add_months(day: Ints, months: int) -> Ints:
    """Add calendar months to days, using the month's last day where the day does not exist.

    Examples
    --------
    >>> jan31 = np.array([30])
    >>> add_months(jan31, 1).tolist()
    [58]
    """
    dates = day.astype("datetime64[D]")
    month = dates.astype("datetime64[M]")
    moved = month + months
    offset = np.minimum(dates - month.astype("datetime64[D]"), _length(moved) - 1)
    moved_days: Ints = (moved.astype("datetime64[D]") + offset).astype(np.int64)
    return moved_days


def _length(month: NDArray[np.datetime64]) -> NDArray[np.timedelta64]:
    length: NDArray[np.timedelta64] = (month + 1).astype("datetime64[D]") - month.astype("datetime64[D]")
    return length


def month_starts(first: int, last: int) -> Ints:
    """Return every first of a month from `first` to `last`, both included, as day numbers."""
    begin = np.datetime64(first, "D").astype("datetime64[M]")
    if begin.astype("datetime64[D]").astype(np.int64) < first:
        begin += 1
    end = np.datetime64(last, "D").astype("datetime64[M]")
    return np.arange(begin, end + 1).astype("datetime64[D]").astype(np.int64)
