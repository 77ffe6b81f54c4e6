"""Matching of payments with invoices: within a lettering group, then by inference, oldest open item first.

Inference has bounds: a payment is not taken to settle an item issued more than a given age before it, nor
does money wait longer than that for an invoice; old disputed items would else swallow every payment and make
each invoice after them late.

A transfer takes a debt from an invoice as a payment would, and is none: it names the invoice by its reference
where it can.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipelines.sources.bookkeeping.documents import CREDIT_NOTE, INVOICE, PAYMENT, REFUND, TRANSFER
from pipelines.sources.bookkeeping.lettering import NONE

if TYPE_CHECKING:
    from collections.abc import Iterable

LETTER, INFERRED, ON_ACCOUNT = "letter", "inferred", "on_account"


@dataclass(slots=True)
class _Parts:
    """Payment parts: the paying line, the document paid (-1: none), day, cents and method."""

    line: list[int] = field(default_factory=list)
    document: list[int] = field(default_factory=list)
    day: list[int] = field(default_factory=list)
    cents: list[int] = field(default_factory=list)
    how: list[str] = field(default_factory=list)

    def add(self, line: int, document: int, day: int, cents: int, how: str) -> None:
        self.line.append(line)
        self.document.append(document)
        self.day.append(day)
        self.cents.append(cents)
        self.how.append(how)


class _Book:
    """Items by position, the open amount of each, and the payment parts matched so far."""

    def __init__(self, items: pd.DataFrame) -> None:
        self.kind: list[str] = items["kind"].tolist()
        self.day: list[int] = items["day"].tolist()
        self.left: list[int] = items["cents"].tolist()
        self.owed = [kind in {INVOICE, REFUND} for kind in self.kind]
        self.parts = _Parts()

    def pay(self, debit: int, credit: int, how: str) -> None:
        """Settle a debit by a credit up to the smaller of both open amounts."""
        cents = min(self.left[debit], self.left[credit])
        if not cents:
            return
        self.left[debit] -= cents
        self.left[credit] -= cents
        add, day = self.parts.add, self.day
        match self.kind[debit], self.kind[credit]:
            case "invoice", "payment" | "transfer":
                add(credit, debit, day[credit], cents, how)
            case "invoice", _:
                later = max(day[debit], day[credit])
                add(credit, debit, later, cents, how)
                add(credit, credit, later, -cents, how)
            case _, "payment" | "transfer":
                add(credit, NONE, day[credit], cents, how)
                add(debit, NONE, day[debit], -cents, how)
            case _:
                add(debit, credit, day[debit], -cents, how)

    def give_back(self, debits: Iterable[int], credits_: Iterable[int], how: str) -> None:
        """Pair refunds with the last earlier payment of the same amount.

        A returned payment settles nothing: the invoice is paid by the next one.
        """
        payments = [at for at in credits_ if self.kind[at] == PAYMENT]
        for debit in debits:
            if self.kind[debit] != REFUND:
                continue
            for credit in reversed(payments):
                if self.left[credit] == self.left[debit] > 0 and self.day[credit] <= self.day[debit]:
                    self.pay(debit, credit, how)
                    break


def settle(items: pd.DataFrame, furthest_days: int) -> pd.DataFrame:
    """Allocate customers' payments to their invoices.

    Parameters
    ----------
    items
        Columns customer (number), kind, day (of the document, or of payment; day number), due (day number),
        cents (above 0), group, apart (excluded from inference), and piece and label, which name the invoices
        that a transfer settles; (n_items, .).
    furthest_days
        Maximum age in days for inference.

    Returns
    -------
        Columns line, document (positions in `items`; -1 for money on account), day, cents and how
        (`letter`, `inferred`, `on_account`); (n_parts, 5). The unallocated rest of a payment is on account.
    """
    book = _Book(items)
    _by_reference(book, items)
    order = np.lexsort((items["due"], items["day"], items["group"]))
    grouped = order[items["group"].to_numpy()[order] != NONE]
    group = items["group"].to_numpy()
    for _, members in groupby(grouped.tolist(), key=lambda at: int(group[at])):
        _by_age(book, list(members))
    _infer(book, items, furthest_days)
    for at, left in enumerate(book.left):
        if left and book.kind[at] in {PAYMENT, TRANSFER, REFUND}:
            book.parts.add(at, NONE, book.day[at], -left if book.kind[at] == REFUND else left, ON_ACCOUNT)
    parts = book.parts
    return pd.DataFrame(
        {
            "line": np.array(parts.line, dtype=np.int64),
            "document": np.array(parts.document, dtype=np.int64),
            "day": np.array(parts.day, dtype=np.int64),
            "cents": np.array(parts.cents, dtype=np.int64),
            "how": np.array(parts.how, dtype=object),
        }
    )


def _by_reference(book: _Book, items: pd.DataFrame) -> None:
    """Allocate each transfer to the invoices that it names, else to one of the same amount."""
    transfers = np.flatnonzero(items["kind"].eq(TRANSFER))
    if not len(transfers):
        return
    customer, piece, group = (items[name].to_numpy() for name in ("customer", "piece", "group"))
    labels: list[str] = items["label"].tolist()
    invoices = np.flatnonzero(items["kind"].eq(INVOICE) & np.isin(customer, customer[transfers]))
    of_customer: dict[int, list[int]] = {}
    for one in invoices.tolist():
        of_customer.setdefault(customer[one], []).append(one)
    for at in transfers.tolist():
        fits = [one for one in of_customer.get(customer[at], []) if book.day[one] <= book.day[at]]
        if group[at] != NONE:
            fits = [one for one in fits if group[one] == group[at]] or fits
        said = {piece[at], *re.split(r"[\s,;:()]+", labels[at])} - {""}
        named = [one for one in fits if piece[one] in said]
        same = [one for one in fits if book.left[one] == book.left[at]]
        for one in named or same[:1]:
            book.pay(one, at, LETTER)


def _by_age(book: _Book, members: list[int]) -> None:
    """Settle the items of one letter, oldest first on both sides."""
    debits = [at for at in members if book.owed[at]]
    credits_ = [at for at in members if not book.owed[at]]
    if not debits or not credits_:
        return
    book.give_back(debits, credits_, LETTER)
    place = 0
    for credit in credits_:
        while book.left[credit] and place < len(debits):
            book.pay(debits[place], credit, LETTER)
            place += not book.left[debits[place]]


def _infer(book: _Book, items: pd.DataFrame, furthest_days: int) -> None:
    """Settle unlettered items, customer by customer, day by day."""
    free = (np.array(book.left, dtype=np.int64) > 0) & ~items["apart"].to_numpy(dtype=np.bool_)
    owed = np.array(book.owed, dtype=np.bool_)
    customer = items["customer"].to_numpy()
    order = np.lexsort((items["due"], ~owed, items["day"], customer))
    order = order[free[order]]
    for _, members in groupby(order.tolist(), key=lambda at: int(customer[at])):
        mine = list(members)
        book.give_back(
            [at for at in mine if book.owed[at]], [at for at in mine if not book.owed[at]], INFERRED
        )
        debits: deque[int] = deque()
        credits_: deque[int] = deque()
        for at in mine:
            waiting, others = (debits, credits_) if book.owed[at] else (credits_, debits)
            while others and book.left[at]:
                other = others[0]
                if book.left[other] and book.day[other] >= book.day[at] - furthest_days:
                    debit, credit = (at, other) if book.owed[at] else (other, at)
                    book.pay(debit, credit, INFERRED)
                if book.left[at] or not book.left[other]:
                    others.popleft()
            if book.left[at]:
                waiting.append(at)


__all__ = ["CREDIT_NOTE", "INFERRED", "LETTER", "ON_ACCOUNT", "settle"]
