"""A ledger's documents and payments as arrays, with the values derived per document.

Owns customer codes, the document that each payment settles, the settlement day of an invoice, effective days
late (days in dispute do not count), and the day on which an invoice's lateness exceeds a number of days.
Every value depends only on entries dated on or before its day, so a later cut-off of the ledger changes
nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.features.running import NEVER, day_numbers, ordered, pack
from models.ledger.id_positions import position

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from models.arrays import Ints
    from models.ledger.ledger import Ledger

TOLERANCE_CENTS = 100
TOLERANCE_SHARE = 0.01
"""An invoice counts as settled when at most 1 EUR and at most 1 % of it remains open."""


@dataclass(frozen=True, slots=True)
class Book:
    """Documents and payments as arrays; days count from 1970-01-01, `NEVER` where there is none.

    Parameters
    ----------
    customer_ids
        Ids by code, ascending, shape `(n_customers,)`.
    invoice_ids, owner, issued, due, amount, is_invoice, disputed_from, disputed_to, settled, days_late,
    closed
        One entry per document, shape `(n_documents,)`; `amount` in cents, negative for a credit note;
        `settled` and `days_late` for invoices only; from `closed` on the document has no open amount and no
        movement.
    pay_owner, pay_document, pay_day, pay_cents, pay_applied, pay_excess
        One entry per payment, shape `(n_payments,)`: the paying customer, the document (-1 on account), the
        day, the cents received, the part applied to the document, and the excess, which remains on the
        payer's account.
    """

    customer_ids: NDArray[np.object_]
    invoice_ids: NDArray[np.object_]
    owner: Ints
    issued: Ints
    due: Ints
    amount: Ints
    is_invoice: NDArray[np.bool_]
    disputed_from: Ints
    disputed_to: Ints
    settled: Ints
    days_late: Ints
    closed: Ints
    pay_owner: Ints
    pay_document: Ints
    pay_day: Ints
    pay_cents: Ints
    pay_applied: Ints
    pay_excess: Ints

    def passes(self, days: int, document: Ints | None = None) -> Ints:
        """Return the first day on which documents (all by default) are more than `days` days late.

        Days in dispute do not count; an open-ended dispute defers the day forever. A document settled before
        that day never reached that lateness: compare with `settled`.
        """
        which = slice(None) if document is None else document
        due, ends = self.due[which], self.disputed_to[which]
        day, begins = due + days + 1, np.maximum(self.disputed_from[which], due)
        held = (begins < day) & (ends > begins)
        return np.where(held, np.minimum(day + ends - begins, NEVER), day)

    def open_on(self, day: int) -> NDArray[np.bool_]:
        """Return which documents are open invoices of a known customer at the end of a day."""
        return self.is_invoice & (self.owner >= 0) & (self.issued <= day) & (self.settled > day)

    def left_on(self, day: int) -> Ints:
        """Return the amounts of documents less what was paid of them up to the end of a day, in cents."""
        left, paid = self.amount.copy(), (self.pay_document >= 0) & (self.pay_day <= day)
        np.subtract.at(left, self.pay_document[paid], self.pay_applied[paid])
        return left

    def codes(self, ids: pd.Series) -> Ints:
        """Return the code of each customer id, -1 where unknown."""
        import pandas as pd  # noqa: PLC0415  # answering needs no pandas

        return position(pd.Series(self.customer_ids, dtype="str"), ids)


def open_book(ledger: Ledger) -> Book:
    """Build the arrays of a ledger."""
    known, documents, payments = ledger.customers["customer_id"], ledger.invoices, ledger.payments
    owner = position(known, documents["customer_id"])
    is_invoice = (documents["kind"] == "invoice").to_numpy(bool)
    amount = documents["amount_cents"].to_numpy(np.int64)
    issued, due = day_numbers(documents["issued_on"]), day_numbers(documents["due_on"])
    pay_document = position(documents["invoice_id"], payments["invoice_id"])
    pay_day, paid = day_numbers(payments["paid_on"]), payments["amount_cents"].to_numpy(np.int64)
    applied, excess, settled = _settle(np.where(is_invoice, amount, -amount), pay_document, pay_day, paid)
    settled = np.where(is_invoice & (settled < NEVER), np.maximum(settled, issued), NEVER)
    closed = _closed(np.where(is_invoice, amount, -amount), settled, pay_document, pay_day, applied)
    begins, ends = day_numbers(documents["disputed_from"]), day_numbers(documents["disputed_to"])
    return Book(
        known.to_numpy(object),
        documents["invoice_id"].to_numpy(object),
        owner,
        issued,
        due,
        np.where(is_invoice, amount, -amount),
        is_invoice,
        begins,
        ends,
        settled,
        _days_late(due, settled, begins, ends),
        closed,
        position(known, payments["customer_id"]),
        pay_document,
        pay_day,
        paid,
        applied,
        excess,
    )


def _settle(signed: Ints, document: Ints, day: Ints, paid: Ints) -> tuple[Ints, Ints, Ints]:
    """Apply payments to documents in order of their day.

    Returns
    -------
    The applied part and the excess of each payment, both in cents, and the day each document was first
    settled.
    """
    order, _ = ordered(pack(document, day))
    doc, cents = document[order], paid[order]
    running = np.cumsum(cents)
    first = np.flatnonzero(np.concatenate(([True], doc[1:] != doc[:-1]))) if len(doc) else np.array([], int)
    length = np.diff(np.append(first, len(doc)))
    before_group = np.repeat(running[first] - cents[first], length) if len(doc) else running
    received = running - before_group
    owed = np.where(doc >= 0, signed[doc] if len(signed) else 0, 0)
    slack = np.minimum(TOLERANCE_CENTS, (np.abs(owed) * TOLERANCE_SHARE).astype(np.int64))
    # A payment in the opposite direction settles nothing: a refund is not a payment, however large.
    done = (doc >= 0) & (received * np.sign(owed) >= np.abs(owed) - slack)
    standing = np.where(done, owed, received)
    over = np.maximum(received * np.sign(owed) - np.abs(owed), 0) * np.sign(owed)
    applied, excess = np.empty_like(paid), np.empty_like(paid)
    applied[order] = np.where(doc >= 0, _steps(standing, first), cents)
    excess[order] = _steps(over, first)
    settled = np.full(len(signed), NEVER, dtype=np.int64)
    hits = np.flatnonzero(done)[::-1]
    settled[doc[hits]] = day[order][hits]
    return applied, excess, settled


def _steps(running: Ints, first: Ints) -> Ints:
    """Return the differences of a running sum that restarts at each group."""
    previous = np.concatenate(([0], running[:-1])) if len(running) else running.copy()
    previous[first] = 0
    return running - previous


def _closed(signed: Ints, settled: Ints, document: Ints, day: Ints, applied: Ints) -> Ints:
    """Return the day from which each document has no open amount and no movement, `NEVER` if none."""
    some = document >= 0
    left, last = signed.copy(), settled.copy()
    np.subtract.at(left, document[some], applied[some])
    np.maximum.at(last, document[some], day[some])
    return np.where(left == 0, last, NEVER)


def _days_late(due: Ints, settled: Ints, begins: Ints, ends: Ints) -> Ints:
    overlap = np.minimum(ends, settled) - np.maximum(begins, due)
    late = settled - due - np.where(settled > due, np.maximum(overlap, 0), 0)
    return np.where(settled < NEVER, late, 0)
