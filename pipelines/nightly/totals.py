"""First pass of a nightly run: what a part adds to the totals that every customer's score needs.

Owns the totals and their sum: counts of peers and payments, exposure by sector and group, sales by month, and
the fingerprint of the data.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from models.assessment.assessor import EPOCH
from models.assessment.related_exposure import added_sums, sums_of
from models.features.build import FeatureBuilder
from models.features.portfolio_counts import PortfolioCounts
from models.ledger.conversion import require_one_currency
from models.ledger.files import fingerprint, joint_fingerprint
from models.portfolio.dso import MonthSales, months_back
from models.portfolio.past_balances import PAST_MONTHS, SALES_MONTHS, PastBalances
from models.portfolio.past_receipts import SAMPLED_CUSTOMERS, PastReceipts
from models.portfolio.vintages import Vintages
from pipelines.nightly.parties import parties_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from models.features.book import Book
    from pipelines.ledger_parts import LedgerParts

_KNOWN_MONTHS = PAST_MONTHS + SALES_MONTHS


@dataclass(frozen=True, slots=True, eq=False)
class LedgerTotals:
    """Totals of one part, or of several.

    Parameters
    ----------
    data_hash
        Fingerprint of the rows known on the day.
    customers
        Number of customers.
    counts
        Counts that features of any customer need, as of the day.
    sums
        Exposure by sector, by group and in total, of `models.assessment.related_exposure.sums_of`.
    sales_cents
        Amounts invoiced less credit notes by month, latest first.
    past
        Balances at past month ends.
    receipts
        Rhythm of payment and forecasts at past dates.
    vintages
        Invoices of past quarters by the age at which they were paid.
    """

    data_hash: str
    customers: int
    counts: PortfolioCounts
    sums: dict[str, Any]
    sales_cents: tuple[int, ...]
    past: PastBalances
    receipts: PastReceipts
    vintages: Vintages

    @classmethod
    def summed(cls, parts: Sequence[LedgerTotals]) -> LedgerTotals:
        """Add up the totals of all parts, in their order."""
        if len(parts) == 1:
            return parts[0]
        return cls(
            joint_fingerprint([part.data_hash for part in parts]),
            sum(part.customers for part in parts),
            PortfolioCounts.summed([part.counts for part in parts]),
            added_sums(part.sums for part in parts),
            tuple(map(sum, zip(*(part.sales_cents for part in parts), strict=True))),
            PastBalances.summed([part.past for part in parts]),
            PastReceipts.summed([part.receipts for part in parts]),
            Vintages.summed([part.vintages for part in parts]),
        )

    def sales(self, as_of: dt.date) -> list[MonthSales]:
        """Return the amounts invoiced in the last `SALES_MONTHS` months, latest first."""
        return self._sales(as_of)[:SALES_MONTHS]

    def past_months(self, as_of: dt.date) -> list[dict[str, Any]]:
        """Return the balances and the DSO at past month ends that the ledger reaches, the oldest first."""
        return self.past.documents(as_of, self._sales(as_of))

    def _sales(self, as_of: dt.date) -> list[MonthSales]:
        months = zip(months_back(as_of, _KNOWN_MONTHS), self.sales_cents, strict=True)
        return [MonthSales(first_day, days, cents / 100) for (first_day, days), cents in months]


def totals_of(parts: LedgerParts, currency: str, part: int) -> LedgerTotals:
    """Read a part and compute its totals.

    Raises
    ------
    LedgerError
        The part cannot be read, or has another currency.
    """
    known = parts.read(part)
    require_one_currency(known, currency)
    builder, day = FeatureBuilder.of(known), (parts.as_of - EPOCH).days
    everybody = np.arange(len(known.customers), dtype=np.int64)
    owed = builder.exposure.owed_eur(everybody, np.full(len(everybody), day, dtype=np.int64))
    return LedgerTotals(
        fingerprint(known),
        len(everybody),
        builder.counts(day),
        sums_of(zip(parties_of(known.customers), owed.tolist(), strict=True)),
        _sales_cents(builder.book, parts.as_of, day),
        PastBalances.of(builder.book, parts.as_of, builder.exposure.open),
        PastReceipts.of(builder, day, -(-len(everybody) * parts.count // SAMPLED_CUSTOMERS) or 1),
        Vintages.of(builder.book, parts.as_of),
    )


def _sales_cents(book: Book, as_of: dt.date, day: int) -> tuple[int, ...]:
    """Return the amounts invoiced by month, less credit notes, latest first, in cents."""
    found, last = [], day
    for _, days in months_back(as_of, _KNOWN_MONTHS):
        inside = (book.owner >= 0) & (book.issued <= last) & (book.issued > last - days)
        found.append(int(np.sum(book.amount[inside])))
        last -= days
    return tuple(found)
