"""Payment-time curves of a customer: the log-odds of a payment more than so many days late, from its past.

Days late are divided into intervals; a customer's hazard in each is the payments in it over the payments
still possible, shrunk to a parent with the weight of a few invoices. The parent is the portfolio's hazard as
of the day, with about equal weight per customer, itself shrunk to published statistics, which dominate in a
small ledger. Six estimates weigh the same past differently: all of it, its last weeks, invoices due on the
same weekday, similar invoices, similar amounts, and the recent tempo of payment over all invoices. An open
invoice counts in the intervals that it has passed, and a payment only once its interval has run out for all
invoices, so that early payments do not count sooner than late ones.

Owns the columns, the weights of the mean curve, and the part of a customer's state from which any of its
invoices can be scored without the ledger. The loops are in `models.features.curve_kernel`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from models.errors import LedgerError
from models.features.open_invoices import MOST_OPEN, SCANNED, OpenInvoices
from models.features.payment_counts import COUNT_UNIT, PaymentCounts
from models.features.similar_invoices import MOST_OTHERS, MOST_SAME
from models.features.state_schema import StateField
from models.features.table import Feature
from models.published.delays import lateness_ratio, published_hazards
from models.published.statistics import load_statistics

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from models.arrays import Floats, Ints
    from models.features.book import Book
    from models.features.similar_invoices import SettledInvoices, StoredInvoices

BOUNDS = np.array(
    [-60, -45, -30, -21, -15, -12, -10, -8, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 15,
     20, 25, 30, 45, 60, 90, 120]
)  # fmt: skip
"""Upper ends of the intervals, in days late."""
ANCHORS = (-3, 0, 2, 5, 10, 15, 30, 60, 90)
"""Days late at which each estimate is a column of its own, and at which models are trained."""
ESTIMATES = ("fast", "weekday", "like", "amount", "tempo", "parent")
"""Estimates with columns, in the kernel's order after the slow one, which the others are shrunk to."""
_WEIGHTS = {"weekday": 0.45, "like": 0.2, "amount": 0.2, "tempo": 0.2}
"""Weights of the mean curve, in log-odds; tuned on cut-offs of a real ledger before the reported ones."""
POPULATION_HALF_LIFE, EVENNESS = 120.0, 0.7
PUBLISHED_WEIGHT = 10.0
"""Weight of published statistics in the portfolio's hazards, where a customer weighs about one."""
GRID_DAYS = 7
"""Interval at which the portfolio's hazards are recomputed."""

PARENT = [f"parent_hazard_{bound}" for bound in BOUNDS]
PARENT_FIELD = StateField("parent_hazards", (tuple(map(str, BOUNDS)),))
"""The parent hazards as one block of a state, by the upper ends of the intervals in days late."""
POPULATION = "population"
"""Key of the portfolio's hazards in the peer rates that a nightly run publishes for prospects."""


def curve_name(days: int) -> str:
    """Return the column of the mean curve at a bound: log-odds of a payment more than `days` days late."""
    return f"curve_{days}"


def estimate_name(estimate: str, days: int) -> str:
    """Return the column of an estimate at an anchor."""
    return f"habit_{estimate}_{days}"


def columns_at(days: int) -> list[str]:
    """Return the columns for being more than `days` days late, the mean curve's last."""
    return [*(estimate_name(estimate, days) for estimate in ESTIMATES), curve_name(days)]


CURVE = [curve_name(int(bound)) for bound in BOUNDS]
_FR = {
    "fast": "d'après ses dernières semaines",
    "weekday": "d'après ses factures échues le même jour de semaine",
    "like": "d'après ses factures semblables",
    "amount": "d'après ses factures de même montant",
    "tempo": "d'après son rythme de paiement récent",
    "parent": "d'après l'ensemble des clients",
}
_EN = {
    "fast": "judging by its last weeks",
    "weekday": "judging by its invoices due on the same weekday",
    "like": "judging by its similar invoices",
    "amount": "judging by its invoices of the same amount",
    "tempo": "judging by how fast it pays lately",
    "parent": "judging by all customers",
}


def _feature(name: str, days: int, group: str, fr: str, en: str) -> Feature:
    before = f"plus de {days} jours de retard" if days > 0 else "retard"
    early = f"more than {days} days late" if days > 0 else "late"
    if days < 0:
        before, early = f"paiement moins de {-days} jours avant l'échéance", f"paid under {-days} days early"
    return Feature(
        name, "log_odds", -np.inf, np.inf, 1, "invoice", group,
        f"probabilité de {before} {fr}", f"chance of being {early}, {en}",
    )  # fmt: skip


FEATURES: list[Feature] = [
    *(
        _feature(
            estimate_name(estimate, days), days, "peers" if estimate == "parent" else "lateness",
            _FR[estimate], _EN[estimate],
        )
        for days in ANCHORS
        for estimate in ESTIMATES
    ),
    *(
        _feature(curve_name(int(days)), int(days), "lateness", "d'après ses habitudes",
                 "judging by its habits")
        for days in BOUNDS
    ),
]  # fmt: skip
COLUMNS = [feature.name for feature in FEATURES]


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """Invoices by customer and day of issue, with the settled ones by weekday; arrays in the former order.

    Parameters
    ----------
    starts
        Start of each customer's invoices, and the end of the last one's, shape `(n_customers + 1,)`.
    ratio
        Published delay of each customer's sector and size relative to the average, shape `(n_customers,)`.
    whole
        Counts of the whole portfolio where these customers are a part of it, by the day they were counted.
    """

    alike: SettledInvoices
    starts: Ints
    issued: Ints
    due: Ints
    cents: Ints
    settled: Ints
    days_late: Ints
    disputed_from: Ints
    disputed_to: Ints
    document: Ints
    ratio: Floats
    whole: Mapping[int, PaymentCounts] | None = None

    @classmethod
    def of(cls, book: Book, like: SettledInvoices, customers: pd.DataFrame) -> Curves:
        """Sort a book's invoices; `customers` is the ledger's table."""
        owned = np.flatnonzero(book.is_invoice & (book.owner >= 0))
        order = owned[
            np.lexsort((book.amount[owned], book.due[owned], book.issued[owned], book.owner[owned]))
        ]
        starts = np.searchsorted(book.owner[order], np.arange(len(book.customer_ids) + 1))
        late = load_statistics().late
        naf = [None if code != code else code for code in customers["naf"].tolist()]  # noqa: PLR0124  # NaN alone differs from itself

        def sorted_(values: Ints) -> Ints:
            return np.ascontiguousarray(values[order], dtype=np.int64)

        return cls(
            alike=like,
            starts=starts.astype(np.int64),
            issued=sorted_(book.issued),
            due=sorted_(book.due),
            cents=sorted_(book.amount),
            settled=sorted_(book.settled),
            days_late=sorted_(book.days_late),
            disputed_from=sorted_(book.disputed_from),
            disputed_to=sorted_(book.disputed_to),
            document=order.astype(np.int64),
            ratio=lateness_ratio(late, naf, customers["headcount"].to_numpy(np.float64)),
        )

    def population(self, day: int) -> Floats:
        """Return the portfolio's hazards as known at the end of a day, shape `(n_bounds,)`.

        Raises
        ------
        LedgerError
            These customers are a part of a portfolio that was not counted on this day.
        """
        if self.whole is None:
            return hazards_of(self.counts(day))
        if day not in self.whole:
            raise LedgerError(f"the portfolio was not counted on day {day}; count it, then ask its parts")
        return hazards_of(self.whole[day])

    def counts_until(self, day: int) -> dict[int, PaymentCounts]:
        """Count the payments of these customers on every day on which hazards are computed until a day."""
        first = self.counted_on(int(self.issued.min())) if len(self.issued) else day + 1
        return {one: self.counts(one) for one in range(first, day + 1, GRID_DAYS)}

    def counts(self, day: int) -> PaymentCounts:
        """Count the payments of these customers as known at the end of a day."""
        from models.features.curve_kernel import count_population  # noqa: PLC0415  # numba costs half a second

        found = PaymentCounts.none(len(BOUNDS))
        invoices = (self.settled, self.issued, self.days_late, self.due, self.disputed_from, self.disputed_to)
        count_population(
            self.starts, invoices, day, BOUNDS, POPULATION_HALF_LIFE, EVENNESS, float(COUNT_UNIT),
            found.at_risk, found.events,
        )  # fmt: skip
        return found

    @staticmethod
    def counted_on(day: int | Ints) -> Any:  # noqa: ANN401  # int or array, as given
        """Return the day on which the hazards used on a day were computed."""
        return day // GRID_DAYS * GRID_DAYS

    def parents(self, owner: Ints, day: Ints) -> Floats:
        """Return the parent hazards of customers as of days, shape `(n, n_bounds)`."""
        days, place = np.unique(self.counted_on(day), return_inverse=True)
        hazards = np.stack([self.population(int(one)) for one in days]) if len(days) else published()[None]
        return bent(hazards[place], self.ratio[owner])

    def open(self, owner: Ints, day: Ints, document: Ints) -> OpenInvoices:
        """Return customers' open invoices at the end of days, except the queried documents."""
        from models.features.curve_kernel import find_open  # noqa: PLC0415  # as above

        begins = self.starts[owner]
        ends = _upto(self.issued, begins, self.starts[owner + 1], day)
        room = int(np.minimum(ends - begins, MOST_OPEN).sum())
        late, due, cents = np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room)
        found_ends = np.empty(len(owner), np.int64)
        find_open(
            begins, ends, self.settled, self.due, self.cents, self.disputed_from, self.disputed_to,
            self.document, day, document, MOST_OPEN, SCANNED, late, due, cents, found_ends,
        )  # fmt: skip
        count = int(found_ends[-1]) if len(found_ends) else 0
        return OpenInvoices(found_ends, late[:count], due[:count], cents[:count])

    def columns(
        self, owner: Ints, day: Ints, due: Ints, cents: Ints, asked: QueriedDocuments
    ) -> dict[str, Floats]:
        """Compute `COLUMNS` for queried invoices on days, each of shape `(n,)`.

        Parameters
        ----------
        due, cents
            Of the invoices, shape `(n,)`.
        """
        begins, ends = self.alike.places(owner, day)
        settled = (np.maximum(begins, ends - MOST_SAME), ends, self.alike.days_late, self.alike.due,
                   self.alike.cents)  # fmt: skip
        opened = self.open(owner, day, asked.document)
        return _columns(settled, opened, self.parents(owner, day), day, due, cents, asked.reached)

    def kept(self, owner: Ints, day: Ints) -> dict[str, Floats]:
        """Compute the columns of `OPEN` and `PARENT` for customers as of days, each of shape `(n,)`."""
        opened = self.open(owner, day, np.full(len(owner), -1, dtype=np.int64))
        return opened.columns() | dict(zip(PARENT, self.parents(owner, day).T, strict=True))


@dataclass(frozen=True, slots=True)
class QueriedDocuments:
    """Queried documents, -1 for none, with the current days late of each while unpaid."""

    document: Ints
    reached: Ints

    @classmethod
    def at(cls, document: Ints, issued: Ints, due: Ints, day: Ints) -> QueriedDocuments:
        """Query documents at the end of days; one queried on its issue day may still be paid that day."""
        return cls(document, day - due - (day <= issued))


def columns_of_kept(
    past: StoredInvoices,
    opened: OpenInvoices,
    parent: Floats,
    day: Ints,
    due: Ints,
    cents: Ints,
    reached: Ints,
) -> dict[str, Floats]:
    """Compute `COLUMNS` from stored states: bit-identical to those from the ledger.

    Parameters
    ----------
    parent
        The columns of `PARENT`, shape `(n, n_bounds)`; NaN is replaced by published statistics.
    """
    known = np.where(np.isnan(parent), published(), parent)
    return _columns(past.settled(), opened, known, day, due, cents, reached)


@cache
def published() -> Floats:
    """Return the hazards of published statistics for the average company, shape `(n_bounds,)`."""
    return published_hazards(load_statistics().late, BOUNDS)


def hazards_of(counts: PaymentCounts) -> Floats:
    """Return the hazards of counted payments, shrunk to published statistics, shape `(n_bounds,)`."""
    at_risk, events = counts.at_risk / COUNT_UNIT, counts.events / COUNT_UNIT
    hazards: Floats = (events + PUBLISHED_WEIGHT * published()) / (at_risk + PUBLISHED_WEIGHT)
    return hazards


def bent(hazards: Floats, ratio: Floats) -> Floats:
    """Return hazards slowed by `ratio` for late payments, shape `(n, n_bounds)`."""
    from models.features.curve_kernel import bend  # noqa: PLC0415  # numba costs half a second

    found = np.empty((len(ratio), len(BOUNDS)))
    bend(np.ascontiguousarray(hazards), ratio, BOUNDS, found)
    return found


def without_history(columns: Mapping[str, Floats]) -> dict[str, Floats]:
    """Return `COLUMNS` for a customer without invoices: the parent's values, at the anchors.

    Parameters
    ----------
    columns
        The parent's columns, by name.
    """
    found: dict[str, Floats] = {}
    for days in ANCHORS:
        parent = columns[estimate_name("parent", days)]
        found |= dict.fromkeys(columns_at(days)[:-1], parent)
        found[curve_name(days)] = parent * _WHOLE
    return found


_WHOLE = sum(_WEIGHTS.values())


def _columns(
    settled: tuple[Ints, Ints, Ints, Ints, Floats],
    opened: OpenInvoices,
    parent: Floats,
    day: Ints,
    due: Ints,
    cents: Ints,
    reached: Ints,
) -> dict[str, Floats]:
    from models.features import curve_kernel as kernel  # noqa: PLC0415  # numba costs half a second

    found = np.empty((len(day), kernel.ESTIMATES, len(BOUNDS)))
    asked_cents = np.maximum(cents, 1).astype(np.float64)
    kernel.fill_curves(
        settled,
        (opened.begins, opened.ends, opened.late, opened.due, opened.cents),
        (day, due, asked_cents, reached),
        np.ascontiguousarray(parent),
        BOUNDS,
        MOST_OTHERS,
        _fade(),
        found,
    )
    places = dict(zip(ESTIMATES, range(1, kernel.ESTIMATES), strict=True))
    mean = np.zeros((len(day), len(BOUNDS)))
    for estimate, weight in _WEIGHTS.items():
        mean += weight * found[:, places[estimate]]
    columns = {
        estimate_name(estimate, days): found[:, places[estimate], _PLACE[days]]
        for days in ANCHORS
        for estimate in ESTIMATES
    }
    return columns | dict(zip(CURVE, mean.T, strict=True))


_PLACE = {int(bound): place for place, bound in enumerate(BOUNDS)}


@cache
def _fade() -> Floats:
    from models.features.curve_kernel import fading  # noqa: PLC0415  # as above

    return fading()


def _upto(issued: Ints, begins: Ints, ends: Ints, day: Ints) -> Ints:
    """Return the end of each customer's invoices issued by the end of a day, shape `(n,)`."""
    low, high = begins.copy(), ends.copy()
    while (open_ := low < high).any():
        middle = (low + high) // 2
        before = open_ & (issued[np.minimum(middle, max(len(issued) - 1, 0))] <= day)
        low = np.where(before, middle + 1, low)
        high = np.where(open_ & ~before, middle, high)
    return low
