"""Movements of a customer's exposure as streams: issued, open, disputed, overdue by age; in cents.

A movement is dated on the day from which it could be known. `models.features.exposure` derives balances.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.features.running import NEVER, Stream

if TYPE_CHECKING:
    from models.features.book import Book


def issued_stream(book: Book) -> Stream:
    """Return the amounts of each customer's invoices by day of issue, in cents."""
    is_invoice = book.is_invoice
    return Stream.of(book.owner[is_invoice], book.issued[is_invoice], {"amount": book.amount[is_invoice]})


def open_stream(book: Book) -> Stream:
    """Return the movements of each customer's exposure, in cents, and of its count of open invoices.

    A payment's excess over its document stays with the payer, as money on account.
    """
    is_invoice, on_account = book.is_invoice, book.pay_document < 0
    issued = book.issued[book.pay_document] if len(book.issued) else np.zeros_like(book.pay_day)
    early = ~on_account & (book.pay_day < issued)
    taken = np.where(on_account, book.pay_cents, book.pay_applied)
    day = np.where(early, issued, book.pay_day)
    # Before its issue a document has no known customer: the money stays with the payer.
    debtor = (
        np.where(on_account, book.pay_owner, book.owner[book.pay_document])
        if len(is_invoice)
        else book.pay_owner
    )
    over, payer = np.flatnonzero(book.pay_excess), book.pay_owner
    owner = (book.owner, debtor, payer[over], payer[early], payer[early], book.owner[is_invoice])
    days = (book.issued, day, day[over], book.pay_day[early], issued[early], book.settled[is_invoice])
    amount = (book.amount, -taken, -book.pay_excess[over], -book.pay_cents[early], book.pay_cents[early])
    still = np.zeros(len(day) + len(over) + 2 * early.sum(), np.int64)
    count = (is_invoice.astype(np.int64), still, -np.ones(is_invoice.sum(), int))
    return Stream.of(
        np.concatenate(owner),
        np.concatenate(days),
        {"amount": np.concatenate((*amount, np.zeros(is_invoice.sum(), int))), "n": np.concatenate(count)},
    )


def disputed_stream(book: Book) -> Stream:
    """Return the movements of the amount of invoices in dispute, in cents."""
    begins = np.maximum(book.disputed_from, book.issued)
    ends = np.minimum(book.disputed_to, book.settled)
    held = book.is_invoice & (begins < ends)
    return Stream.of(
        np.tile(book.owner[held], 2),
        np.concatenate((begins[held], ends[held])),
        {"amount": np.concatenate((book.amount[held], -book.amount[held]))},
    )


def overdue_stream(book: Book, age: int) -> Stream:
    """Return the movements of the amount overdue for more than `age` days, in cents, with its count.

    An invoice closed before that age would enter and leave at once: it is left out.
    """
    passes = book.passes(age)
    counts = np.append(book.is_invoice & (book.closed > passes), False)  # the last for money on account
    late = np.flatnonzero(counts)
    paid = np.flatnonzero(counts[book.pay_document])
    document = book.pay_document[paid]
    settled = late[book.settled[late] < NEVER]
    owner = (book.owner[late], book.owner[document], book.owner[settled])
    days = (
        passes[late],
        np.maximum(passes[document], book.pay_day[paid]),
        np.maximum(passes[settled], book.settled[settled]),
    )
    nothing = np.zeros(len(settled), np.int64)
    amount = (book.amount[late], -book.pay_applied[paid], nothing)
    count = (np.ones(len(late), np.int64), np.zeros(len(document), np.int64), nothing - 1)
    return Stream.of(
        np.concatenate(owner),
        np.concatenate(days),
        {"amount": np.concatenate(amount), "n": np.concatenate(count)},
    )
