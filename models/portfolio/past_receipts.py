"""What a ledger's past says of coming receipts: the rhythm of payment, and how far forecasts were off.

The past forecasts rest on the customers' habits alone, which know only what was known on their date; a model
trained later would have seen the answer. They estimate the dependence of receipts, never their level.

Owns the past dates, and the sums that parts of a ledger add up to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from models.features.curves import CURVE, QueriedDocuments
from models.learning.calibration import Calibration
from models.learning.delay_curve import habit_curve
from models.learning.named_columns import NamedColumns
from models.portfolio.cash_forecast import PastForecasts, WeeklyMoments, received_by_week
from models.portfolio.payment_rhythm import RhythmCounts
from models.portfolio.payment_weeks import WEEKS, week_shares
from models.portfolio.recurring_sales import LagCounts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from models.arrays import Floats, Ints
    from models.features.book import Book
    from models.features.build import FeatureBuilder

PAST_DATES, DAYS_APART = 9, 17
"""Number of past forecasts, and the days from one to the next, the last one as long before the day.

No multiple of seven, so that the weeks begin on every weekday: on one alone they may split payment runs.
"""
SAMPLED_CUSTOMERS = 4_000
"""About how many customers of a portfolio are forecast at past dates."""


@dataclass(frozen=True, slots=True, eq=False)
class PastReceipts:
    """Sums of one part of a ledger, or of several.

    Parameters
    ----------
    lags
        Weeks from issue to payment, for invoices to come.
    """

    rhythm: RhythmCounts
    forecasts: PastForecasts
    lags: LagCounts

    def __add__(self, other: PastReceipts) -> PastReceipts:
        return PastReceipts(
            self.rhythm + other.rhythm, self.forecasts + other.forecasts, self.lags + other.lags
        )

    @classmethod
    def of(cls, builder: FeatureBuilder, as_of: int, every: int = 1) -> PastReceipts:
        """Sum the past of a part as known at the end of a day.

        Parameters
        ----------
        every
            One customer in so many is forecast at past dates, chosen by its number.
        """
        book = builder.book
        chosen = np.array([crc32(who.encode()) % every == 0 for who in book.customer_ids], dtype=bool)
        days = [as_of - DAYS_APART * (place + 1) for place in range(PAST_DATES)]
        forecasts = [_forecast(builder, day, chosen) for day in days]
        ends = np.array(days)[:, None] + 7 * np.arange(1, WEEKS + 1)
        return cls(
            rhythm_counts(book, as_of),
            PastForecasts(
                np.stack([moments.mean_eur for moments, _ in forecasts]),
                np.stack([moments.alone_eur2 for moments, _ in forecasts]),
                np.stack([moments.together_eur2 for moments, _ in forecasts]),
                np.stack([received for _, received in forecasts]),
                ends <= as_of,
                np.array(days) - (int(book.pay_day.min()) if len(book.pay_day) else as_of),
            ),
            LagCounts.of(book, as_of),
        )

    @classmethod
    def summed(cls, parts: Sequence[PastReceipts]) -> PastReceipts:
        """Add up the parts, of which there is at least one."""
        first, *others = parts
        return sum(others, start=first)


def rhythm_counts(book: Book, as_of: int) -> RhythmCounts:
    """Count the rhythm of payment of a book as known at the end of a day."""
    known = book.is_invoice & (book.owner >= 0) & (book.issued <= as_of)
    return RhythmCounts.of(book.due[known], book.settled[known], as_of)


def habit_chances(builder: FeatureBuilder, documents: Ints, day: int) -> Floats:
    """Return the chances of `DelayCurve.chances` by the customers' habits alone, as of the end of a day."""
    book = builder.book
    owner, issued, due = book.owner[documents], book.issued[documents], book.due[documents]
    days = np.full(len(documents), day, dtype=np.int64)
    asked = QueriedDocuments.at(documents, issued, due, days)
    columns = builder.habit.curves.columns(owner, days, due, book.amount[documents], asked)
    columns |= {
        "days_past_due": (day - due).astype(np.float64),
        "invoice_age_days": np.maximum(day - issued, 0).astype(np.float64),
    }
    names = (*CURVE, "days_past_due", "invoice_age_days")
    table = np.stack([columns[name] for name in names], axis=1)
    read = NamedColumns(table, {name: place for place, name in enumerate(names)})
    return habit_curve().chances(read, Calibration(), np.zeros(len(documents)), 30)


def received_eur(book: Book, documents: Ints, day: int) -> Floats:
    """Return what was paid of documents in each week after a day, shape `(WEEKS,)`."""
    wanted = np.zeros(len(book.owner) + 1, dtype=bool)
    wanted[documents] = True
    paid = wanted[book.pay_document] & (book.pay_document >= 0)
    return received_by_week(day, book.pay_day[paid], book.pay_applied[paid] / 100)


def _forecast(builder: FeatureBuilder, day: int, chosen: NDArray[np.bool_]) -> tuple[WeeklyMoments, Floats]:
    book = builder.book
    documents = np.flatnonzero(book.open_on(day))
    documents = documents[chosen[book.owner[documents]]]
    if not len(documents):
        return WeeklyMoments(), np.zeros(WEEKS)
    chances = habit_chances(builder, documents, day)
    past = (day - book.due[documents]).astype(np.float64)
    shares = week_shares(chances, past, day, rhythm_counts(book, day).rhythm())
    open_eur = book.left_on(day)[documents] / 100
    return WeeklyMoments.of(open_eur, shares, book.owner[documents]), received_eur(book, documents, day)
