"""Expected receipts by week, in all and by grade, sector and legal group: whole cents that add up.

Owns the sums of disjoint parts of a portfolio, the largest invoices of each week, and the published document.
The document's totals are the sums over invoices to the cent.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from heapq import nsmallest
from typing import TYPE_CHECKING, Any

import numpy as np

from models.portfolio.cash_forecast import WeeklyMoments
from models.portfolio.payment_weeks import PARTS, WEEKS, expected_cents

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from models.arrays import Floats, Ints
    from models.portfolio.cash_forecast import ReceiptDependence

TOTAL, GROUPINGS = "total", ("grade", "sector", "group")
UNKNOWN, OTHERS = "unknown", "others"
LARGEST = 20
"""Number of largest invoices reported a week, and of legal groups reported by name."""


@dataclass(frozen=True, slots=True, eq=False)
class InvoiceWeeks:
    """Open invoices with their shares by week; arrays of shape `(n,)` and `(n, WEEKS)`.

    Parameters
    ----------
    owner
        Position of each invoice's customer.
    due
        Due dates, in days from 1970-01-01.
    parts
        Of `models.portfolio.payment_weeks.whole_parts`.
    """

    invoice_ids: Sequence[str]
    owner: Ints
    due: Ints
    open_cents: Ints
    parts: NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class ExpectedInvoice:
    """What one week expects of an open invoice, due on a day from 1970-01-01."""

    cents: int
    invoice_id: str
    customer_id: str
    name: str | None
    due: int
    open_cents: int


@dataclass(frozen=True, slots=True, eq=False)
class ReceiptSum:
    """Receipts of a set of customers.

    Parameters
    ----------
    open_cents
        Open invoices.
    cents
        Expected by week, shape `(WEEKS,)`.
    sales_cents
        Expected by week of invoices to come, which are no part of the other figures, shape `(WEEKS,)`.
    alone_eur2, together_eur2
        Of `WeeklyMoments`.
    """

    open_cents: int
    cents: Ints
    sales_cents: Ints
    alone_eur2: Floats
    together_eur2: Floats

    def __add__(self, other: ReceiptSum) -> ReceiptSum:
        return ReceiptSum(
            self.open_cents + other.open_cents,
            self.cents + other.cents,
            self.sales_cents + other.sales_cents,
            self.alone_eur2 + other.alone_eur2,
            self.together_eur2 + other.together_eur2,
        )

    @classmethod
    def none(cls) -> ReceiptSum:
        """Return the receipts of nobody."""
        nothing = np.zeros(WEEKS, np.int64)
        return cls(0, nothing, nothing, np.zeros(WEEKS), np.zeros(WEEKS))

    @property
    def moments(self) -> WeeklyMoments:
        """The sums that the band follows from."""
        return WeeklyMoments(self.cents / 100, self.alone_eur2, self.together_eur2)

    def document(self) -> dict[str, Any]:
        """Return the sums as plain JSON values."""
        return {
            "open_cents": self.open_cents,
            "cents": self.cents.tolist(),
            "sales_cents": self.sales_cents.tolist(),
            "alone_eur2": self.alone_eur2.tolist(),
            "together_eur2": self.together_eur2.tolist(),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> ReceiptSum:
        """Parse what `document` returned."""
        return cls(
            int(document["open_cents"]),
            np.array(document["cents"], np.int64),
            np.array(document["sales_cents"], np.int64),
            np.array(document["alone_eur2"], np.float64),
            np.array(document["together_eur2"], np.float64),
        )


@dataclass(frozen=True, slots=True, eq=False)
class GroupedReceipts:
    """Receipts of disjoint parts of a portfolio.

    Parameters
    ----------
    sums
        By grouping and by its key; `TOTAL` has one key, itself.
    largest
        For each week the invoices with the most expected receipts.
    """

    sums: Mapping[str, Mapping[str, ReceiptSum]]
    largest: Sequence[Sequence[ExpectedInvoice]]

    @classmethod
    def of(
        cls,
        weeks: InvoiceWeeks,
        sales_cents: Ints,
        customers: Sequence[tuple[str, str | None]],
        keys: Mapping[str, Sequence[str | None]],
    ) -> GroupedReceipts:
        """Sum one part's invoices.

        Parameters
        ----------
        sales_cents
            Expected of invoices to come, by customer and week, shape `(n_customers, WEEKS)`.
        customers
            Numbers and names by position, as `weeks.owner` refers to them.
        keys
            For each of `GROUPINGS`, each customer's key in the same order; None where it has none.
        """
        count = len(customers)
        cents = expected_cents(weeks.open_cents, weeks.parts)
        by_customer = _customer_sums(weeks, cents, sales_cents)
        sums: dict[str, dict[str, ReceiptSum]] = {TOTAL: {TOTAL: _summed(by_customer, np.arange(count))}}
        for grouping in GROUPINGS:
            members = defaultdict[str, list[int]](list)
            for place, key in enumerate(keys[grouping]):
                if key is not None or grouping != "group":
                    members[key or UNKNOWN].append(place)
            sums[grouping] = {key: _summed(by_customer, np.array(who)) for key, who in members.items()}
        return cls(sums, [_largest_of(weeks, cents[:, week], customers) for week in range(WEEKS)])

    @classmethod
    def summed(cls, parts: Sequence[GroupedReceipts]) -> GroupedReceipts:
        """Add up disjoint parts."""
        sums: dict[str, dict[str, ReceiptSum]] = {name: {} for name in (TOTAL, *GROUPINGS)}
        for part in parts:
            for grouping, found in part.sums.items():
                for key, one in found.items():
                    known = sums[grouping].get(key)
                    sums[grouping][key] = one if known is None else known + one
        weeks = zip(*(part.largest for part in parts), strict=True)
        return cls(sums, [_first([one for part in week for one in part]) for week in weeks])

    def document(self) -> dict[str, Any]:
        """Return the sums as plain JSON values."""
        return {
            "sums": {
                grouping: {key: one.document() for key, one in found.items()}
                for grouping, found in self.sums.items()
            },
            "largest": [[asdict(one) for one in week] for week in self.largest],
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> GroupedReceipts:
        """Parse what `document` returned."""
        return cls(
            {
                grouping: {key: ReceiptSum.from_document(one) for key, one in found.items()}
                for grouping, found in document["sums"].items()
            },
            [[ExpectedInvoice(**one) for one in week] for week in document["largest"]],
        )

    def published(self, dependence: ReceiptDependence) -> dict[str, Any]:
        """Return the forecast with its band as plain JSON values, in euros.

        Legal groups beyond the `LARGEST` by open amount are one line, `OTHERS`.
        """
        return {
            "past_weeks": dependence.past_weeks,
            "in_customer": dependence.in_customer,
            "shared": dependence.shared,
            TOTAL: _line(TOTAL, self.sums[TOTAL].get(TOTAL, ReceiptSum.none()), dependence),
            "by": {
                grouping: [_line(key, one, dependence) for key, one in _ranked(grouping, self.sums[grouping])]
                for grouping in GROUPINGS
            },
            "largest": [
                [
                    {
                        "invoice_id": one.invoice_id,
                        "customer_id": one.customer_id,
                        "name": one.name,
                        "due_on": str(np.datetime64(one.due, "D")),
                        "open_eur": one.open_cents / 100,
                        "expected_eur": one.cents / 100,
                    }
                    for one in week
                ]
                for week in self.largest
            ],
        }


def _line(key: str, found: ReceiptSum, dependence: ReceiptDependence) -> dict[str, Any]:
    band = np.round(dependence.band(found.moments), 2)
    return {
        "name": key,
        "open_eur": found.open_cents / 100,
        "later_eur": (found.open_cents - int(found.cents.sum())) / 100,
        "weeks": [
            {
                "expected_eur": cents / 100,
                "p10_eur": low,
                "p50_eur": middle,
                "p90_eur": high,
                "sales_eur": sales / 100,
            }
            for cents, (low, middle, high), sales in zip(
                found.cents.tolist(), band.tolist(), found.sales_cents.tolist(), strict=True
            )
        ],
    }


def _ranked(grouping: str, sums: Mapping[str, ReceiptSum]) -> list[tuple[str, ReceiptSum]]:
    """Return grades by name, and the others by their open amount, the largest first."""
    if grouping == "grade":
        return sorted(sums.items())
    ranked = sorted(sums.items(), key=lambda pair: (-pair[1].open_cents, pair[0]))
    if grouping != "group" or len(ranked) <= LARGEST:
        return ranked
    others = sum((one for _, one in ranked[LARGEST:]), start=ReceiptSum.none())
    return [*ranked[:LARGEST], (OTHERS, others)]


def _customer_sums(
    weeks: InvoiceWeeks, cents: Ints, sales_cents: Ints
) -> tuple[Ints, Ints, Ints, Floats, Floats]:
    count = len(sales_cents)
    shares = weeks.parts / PARTS
    variance = (weeks.open_cents[:, None] / 100) ** 2 * shares * (1.0 - shares)
    opened, expected = np.zeros(count, np.int64), np.zeros((count, WEEKS), np.int64)
    alone, spread = np.zeros((count, WEEKS)), np.zeros((count, WEEKS))
    np.add.at(opened, weeks.owner, weeks.open_cents)
    np.add.at(expected, weeks.owner, cents)
    np.add.at(alone, weeks.owner, variance)
    np.add.at(spread, weeks.owner, np.sqrt(variance))
    return opened, expected, sales_cents, alone, spread**2


def _summed(by_customer: tuple[Ints, Ints, Ints, Floats, Floats], who: Ints) -> ReceiptSum:
    opened, expected, sales, alone, together = (values[who].sum(axis=0) for values in by_customer)
    return ReceiptSum(int(opened), expected, sales, alone, together)


def _largest_of(
    weeks: InvoiceWeeks, cents: Ints, customers: Sequence[tuple[str, str | None]]
) -> list[ExpectedInvoice]:
    found = []
    for at in np.argsort(-cents, kind="stable")[:LARGEST].tolist():
        customer_id, name = customers[weeks.owner[at]]
        about = customer_id, name, int(weeks.due[at]), int(weeks.open_cents[at])
        if cents[at] > 0:
            found.append(ExpectedInvoice(int(cents[at]), weeks.invoice_ids[at], *about))
    return _first(found)


def _first(found: Sequence[ExpectedInvoice]) -> list[ExpectedInvoice]:
    return nsmallest(LARGEST, found, key=lambda one: (-one.cents, one.invoice_id))
