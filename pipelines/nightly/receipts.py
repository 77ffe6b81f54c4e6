"""What a part of the portfolio adds to the cash forecast: its open invoices by week, and their sums."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.assessment.assessor import EPOCH
from models.portfolio.grouped_receipts import GroupedReceipts, InvoiceWeeks
from models.portfolio.payment_weeks import week_shares, whole_parts
from models.portfolio.recurring_sales import recurring_receipts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.arrays import Floats, Ints
    from models.features.book import Book
    from models.law.insolvency import Insolvency
    from models.portfolio.payment_rhythm import PaymentRhythm
    from models.portfolio.recurring_sales import LagCounts
    from serving.store import CustomerRow


def invoice_weeks(
    book: Book,
    documents: Ints,
    open_cents: Ints,
    chances: Floats,
    day: int,
    rhythm: PaymentRhythm,
    insolvent: Mapping[int, Insolvency],
) -> InvoiceWeeks:
    """Return the shares of open invoices paid in each week after a day.

    Claims from before the opening of an insolvency proceeding may not be paid (C. com. L622-7): nothing is
    expected of them.

    Parameters
    ----------
    documents, open_cents
        Open invoices, shape `(n,)`, and the open amount of every document of the book.
    chances
        Of `DelayCurve.chances`, shape `(n, n_bounds)`.
    insolvent
        Insolvency status by customer code.
    """
    owner, issued = book.owner[documents], book.issued[documents]
    shares = week_shares(chances, (day - book.due[documents]).astype(np.float64), day, rhythm)
    for code, found in insolvent.items():
        if found.is_open:
            opened = day if found.opened_on is None else (found.opened_on - EPOCH).days
            shares[(owner == code) & (issued < opened)] = 0.0
    ids = book.invoice_ids[documents].tolist()
    return InvoiceWeeks(ids, owner, book.due[documents], open_cents[documents], whole_parts(shares))


def sales_to_come(book: Book, day: int, lags: LagCounts, insolvent: Mapping[int, Insolvency]) -> Ints:
    """Return what is expected of invoices to come, by customer and week, in cents; nothing of insolvent ones.

    Parameters
    ----------
    lags
        Of the whole ledger, as of the day.
    """
    sales = np.rint(recurring_receipts(book, day, lags)).astype(np.int64)
    sales[[code for code, found in insolvent.items() if found.is_open]] = 0
    return sales


def receipts_of(customers: Sequence[CustomerRow], weeks: InvoiceWeeks, sales_cents: Ints) -> GroupedReceipts:
    """Sum a part's receipts by grade, sector and legal group; customers are in the order of their codes."""
    keys: dict[str, list[str | None]] = {
        "grade": [row.grade for row in customers],
        "sector": [row.sector for row in customers],
        "group": [row.party.get("group_id") for row in customers],
    }
    return GroupedReceipts.of(weeks, sales_cents, [(row.customer_id, row.name) for row in customers], keys)
