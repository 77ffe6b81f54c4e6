"""What is past about customers, as their pages show it: invoices paid, filings, signals, days past due.

Owns how far back a page looks and how days past due are counted; which filings and signals there are is
`happenings`', what others say `opinions`'. Everything comes from a ledger that is cut back to the day
already; keeping it is the store's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipelines.nightly.customer_events import filings, signals
from pipelines.nightly.external_scores import outside_scores
from serving.store import Dossier, PaidInvoice

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from models.arrays import Ints
    from models.features.book import Book
    from models.ledger.ledger import Ledger
    from pipelines.nightly.customer_events import Happenings
    from serving.store import OutsideScore

MONTHS_BACK = 24
MOST_PAID = 300
"""A customer with more paid invoices in the time keeps the latest ones."""


@dataclass(frozen=True, slots=True)
class Past:
    """Paid invoices, filings and signals of all customers, each sorted by customer.

    Parameters
    ----------
    paid
        Documents paid within the time, by customer, the latest first, shape `(n_paid,)`.
    filings, signals
        What registers published and what the seller noted, by customer.
    outside
        What others say, by customer code.
    """

    book: Book
    paid: Ints
    filings: Happenings
    signals: Happenings
    outside: Mapping[int, tuple[OutsideScore, ...]]

    @classmethod
    def of(cls, book: Book, ledger: Ledger, day: int) -> Past:
        """Sort what happened up to the end of a day, given as a number."""
        since = day - round(MONTHS_BACK * 365.25 / 12)
        inside = book.is_invoice & (book.owner >= 0) & (book.settled <= day) & (book.settled > since)
        chosen = np.flatnonzero(inside)
        order = np.lexsort((-book.due[chosen], -book.settled[chosen], book.owner[chosen]))
        return cls(book, chosen[order], filings(ledger), signals(ledger, book), outside_scores(ledger))

    def dossier(self, owner: int) -> Dossier:
        """Return the past of one customer by its code."""
        book = self.book
        first, last = np.searchsorted(book.owner[self.paid], [owner, owner + 1])
        documents = self.paid[first : min(last, first + MOST_PAID)]
        due, paid = dates(book.due[documents]), dates(book.settled[documents])
        rows = tuple(
            PaidInvoice(
                str(book.invoice_ids[document]),
                due[row],
                paid[row],
                int(book.days_late[document]),
                float(book.amount[document] / 100),
            )
            for row, document in enumerate(documents)
        )
        theirs = self.filings.of_customer(owner), self.signals.of_customer(owner)
        return Dossier(rows, *theirs, self.outside.get(owner, ()))


def past_due(book: Book, documents: Ints, day: int) -> tuple[Ints, NDArray[np.bool_]]:
    """Return how many days open documents are past due on a day, and whether they are in dispute.

    Days in dispute after the due date do not count. Days are below 0 for what is not due yet.
    """
    due, begins, ends = book.due[documents], book.disputed_from[documents], book.disputed_to[documents]
    held = np.minimum(ends, day) - np.maximum(begins, due)
    late = day - due
    counted = np.where(late > 0, np.maximum(late - np.maximum(held, 0), 0), late)
    return counted, (begins <= day) & (ends > day)


def dates(days: Ints) -> list[dt.date]:
    """Return day numbers as dates."""
    return list(days.astype("datetime64[D]").astype(object))
