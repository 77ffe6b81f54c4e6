"""History of customers for their pages: paid invoices, filings, signals, days past due.

Owns the period shown and the count of days past due; `customer_events` selects filings and signals,
`external_scores` the scores of others. The ledger is already restricted to the day; the store saves the
result.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.portfolio.debtors import PaymentContact
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
"""Largest number of paid invoices per customer; the latest are kept."""


@dataclass(frozen=True, slots=True)
class Past:
    """Paid invoices, filings and signals of all customers, each sorted by customer.

    Parameters
    ----------
    paid
        Documents paid within the period, by customer, latest first, shape `(n_paid,)`.
    starts
        Start of each customer's paid documents, and the end of the last one's, shape `(n_customers + 1,)`.
    filings, signals
        Publications of the registers and the seller's own signals, by customer.
    outside
        External scores, by customer code.
    contacts
        Whom to call, by customer number, where the ledger says.
    """

    book: Book
    paid: Ints
    starts: Ints
    filings: Happenings
    signals: Happenings
    outside: Mapping[int, tuple[OutsideScore, ...]]
    contacts: Mapping[str, PaymentContact]

    @classmethod
    def of(cls, book: Book, ledger: Ledger, day: int) -> Past:
        """Collect the events up to the end of a day, given as a day number."""
        since = day - round(MONTHS_BACK * 365.25 / 12)
        inside = book.is_invoice & (book.owner >= 0) & (book.settled <= day) & (book.settled > since)
        chosen = np.flatnonzero(inside)
        order = np.lexsort((-book.due[chosen], -book.settled[chosen], book.owner[chosen]))
        paid = chosen[order]
        starts = np.searchsorted(book.owner[paid], np.arange(len(book.customer_ids) + 1))
        events = filings(ledger), signals(ledger, book), outside_scores(ledger)
        return cls(book, paid, starts, *events, contacts(ledger))

    def dossier(self, owner: int) -> Dossier:
        """Return the history of one customer by its code."""
        book = self.book
        first, last = self.starts[owner : owner + 2].tolist()
        documents = self.paid[first : min(last, first + MOST_PAID)]
        columns = (
            book.invoice_ids[documents].tolist(),
            dates(book.due[documents]),
            dates(book.settled[documents]),
            book.days_late[documents].tolist(),
            (book.amount[documents] / 100).tolist(),
        )
        rows = tuple(map(PaidInvoice, *columns))
        events = self.filings.of_customer(owner), self.signals.of_customer(owner)
        contact = self.contacts.get(str(book.customer_ids[owner]))
        return Dossier(rows, *events, self.outside.get(owner, ()), contact)


def contacts(ledger: Ledger) -> dict[str, PaymentContact]:
    """Return whom to call by customer number; customers without any contact are left out."""
    columns = ["contact_name", "contact_phone", "contact_email"]
    known = ledger.customers.dropna(subset=columns, how="all")
    given = known[columns].astype("object").where(known[columns].notna(), None)
    rows = zip(known["customer_id"], given.itertuples(index=False), strict=True)
    return {str(customer_id): PaymentContact(*row) for customer_id, row in rows}


def past_due(book: Book, documents: Ints, day: int) -> tuple[Ints, NDArray[np.bool_]]:
    """Return days past due of open documents on a day, and whether they are in dispute.

    Days in dispute after the due date do not count. Days are negative before the due date.
    """
    due, begins, ends = book.due[documents], book.disputed_from[documents], book.disputed_to[documents]
    held = np.minimum(ends, day) - np.maximum(begins, due)
    late = day - due
    counted = np.where(late > 0, np.maximum(late - np.maximum(held, 0), 0), late)
    return counted, (begins <= day) & (ends > day)


def dates(days: Ints) -> list[dt.date]:
    """Convert day numbers to dates."""
    return list(days.astype("datetime64[D]").astype(object))
