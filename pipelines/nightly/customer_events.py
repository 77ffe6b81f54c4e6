"""Events of customers other than invoices, by day: filings, financial statements, insurance, signals.

Owns the selection of the ledger's rows that become events of a customer's file, and their names;
`customer_history` has the payments. The ledger is already restricted to the day.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.features.company import concerned
from models.features.running import NEVER, day_numbers
from serving.store import Event

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from models.arrays import Ints
    from models.features.book import Book
    from models.ledger.ledger import Ledger

MOST = 100
"""Largest number of events per customer and kind; the latest are kept."""
_EPOCH = dt.date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Happenings:
    """Events of all customers, by customer, latest first; every array of shape `(n_events,)`.

    Parameters
    ----------
    owner
        Customer codes, ascending.
    kind, source
        Kind of event, and its source; None where unknown.
    known, happened
        Days since 1970-01-01 on which it became known and on which it happened; `NEVER` if none.
    eur
        Its amount, in euros; NaN if none.
    """

    owner: Ints
    kind: NDArray[np.object_]
    known: Ints
    happened: Ints
    source: NDArray[np.object_]
    eur: NDArray[np.float64]

    @classmethod
    def of(
        cls,
        owner: Ints,
        kind: NDArray[np.object_],
        known: Ints,
        happened: Ints | None = None,
        source: pd.Series | None = None,
        eur: NDArray[np.float64] | None = None,
    ) -> Happenings:
        """Sort events, dropping those without a customer or a date."""
        size = len(owner)
        order = np.lexsort((-known, owner))
        order = order[(owner[order] >= 0) & (known[order] < NEVER)]
        return cls(
            owner[order],
            kind[order],
            known[order],
            np.full(len(order), NEVER) if happened is None else happened[order],
            np.full(len(order), None) if source is None else _texts(source)[order],
            np.full(size, np.nan)[order] if eur is None else eur[order],
        )

    def and_these(self, more: Happenings) -> Happenings:
        """Return the union of both, sorted."""
        columns = [
            np.concatenate([getattr(self, name), getattr(more, name)])
            for name in ("owner", "kind", "known", "happened", "source", "eur")
        ]
        order = np.lexsort((-columns[2], columns[0]))
        return Happenings(*(column[order] for column in columns))

    def of_customer(self, owner: int) -> tuple[Event, ...]:
        """Return the latest events of a customer by its code, latest first."""
        first, last = np.searchsorted(self.owner, [owner, owner + 1])
        return tuple(self._event(row) for row in range(first, min(last, first + MOST)))

    def _event(self, row: int) -> Event:
        happened, eur = int(self.happened[row]), float(self.eur[row])
        return Event(
            kind=str(self.kind[row]),
            known_on=_date(int(self.known[row])),
            happened_on=None if happened >= NEVER else _date(happened),
            source=self.source[row],
            amount_eur=None if np.isnan(eur) else eur,
        )


def filings(ledger: Ledger) -> Happenings:
    """Return the published events of customers: valid notices, and financial statements filed."""
    rows, owner = concerned(ledger, ledger.filings)
    notices = ledger.filings.iloc[rows]
    standing = notices["withdrawn_on"].isna().to_numpy(bool)
    notices, owner = notices[standing], owner[standing]
    published, judged = day_numbers(notices["published_on"]), day_numbers(notices["judged_on"])
    found = Happenings.of(owner, notices["kind"].to_numpy(object), published, judged, notices["source"])
    rows, owner = concerned(ledger, ledger.accounts)
    accounts = ledger.accounts.iloc[rows]
    confidential = accounts["confidential"].to_numpy(bool)
    kind = np.where(confidential, "accounts_confidential", "accounts").astype(object)
    published, closed = day_numbers(accounts["published_on"]), day_numbers(accounts["closed_on"])
    return found.and_these(Happenings.of(owner, kind, published, closed))


def signals(ledger: Ledger, book: Book) -> Happenings:
    """Return the seller's own events of customers: signals, and insurance cover that began or ended."""
    seen = ledger.signals
    found = Happenings.of(
        book.codes(seen["customer_id"]),
        seen["kind"].to_numpy(object),
        day_numbers(seen["seen_on"]),
        source=seen["source"],
    )
    cover = ledger.insurance
    owner, eur = book.codes(cover["customer_id"]), cover["limit_eur"].to_numpy(np.float64)
    for kind, day in (("cover", "valid_from"), ("cover_ended", "valid_to")):
        kinds = np.full(len(cover), kind, dtype=object)
        begun = Happenings.of(owner, kinds, day_numbers(cover[day]), source=cover["insurer"], eur=eur)
        found = found.and_these(begun)
    return found


def _texts(column: pd.Series) -> NDArray[np.object_]:
    return column.astype(object).where(column.notna(), None).to_numpy(object)


def _date(day: int) -> dt.date:
    return dt.date.fromordinal(_EPOCH + day)
