"""Days late of a customer's similar invoices, as weighted quantiles.

Customers pay in runs: invoices due on the same weekday are the most informative, then those of a similar
amount and a recent date. Each settled invoice weighs 1 (0.15 on another weekday) x exp(due date / 150 days) x
(4ab / (a + b)²)², where a and b are the two amounts: a bell over their ratio that falls to about a half at
three to one. Tuned on a real ledger, where the error of the weighted median is a fifteenth lower than that of
the weekday's plain median.

Owns the weights, their columns, and the part of a customer's state from which any of its invoices can be
scored without the ledger.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from models.features.running import Stream
from models.features.state_schema import StateField
from models.features.table import Feature

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from models.arrays import Floats, Ints
    from models.features.book import Book

WEEKDAYS = range(7)
MOST_SAME, MOST_OTHERS = 50, 20
"""Number of invoices of the due date's weekday that count, and of each other weekday."""
OTHERS_SHARE = 0.15
MEMORY_DAYS = 150.0
SHARES = (0.1, 0.5, 0.9)
COLUMNS = ("alike_p10", "alike_median", "alike_p90", "alike_weight")
_KEPT = ("days_late", "due", "cents")
PAST = [f"past{day}_{place}_{name}" for name in _KEPT for day in WEEKDAYS for place in range(MOST_SAME)]
"""Stored invoices of a customer: its last ones by due weekday, latest first, NaN where fewer."""

PAST_FIELD = StateField(
    "past_invoices",
    (_KEPT, tuple(map(str, WEEKDAYS)), tuple(map(str, range(MOST_SAME)))),
)
"""The stored invoices as one block of a state: by figure, due weekday from Monday, and rank by recency."""

_LAST_DAY = 100_000


def _feature(name: str, unit: str, low: float, sign: int, group: str, fr: str, en: str) -> Feature:
    return Feature(name, unit, low, np.inf, sign, "invoice", group, fr, en)


FEATURES: list[Feature] = [
    _feature("alike_p10", "days", -np.inf, 0, "lateness",
             "retard dépassé neuf fois sur dix, sur des factures semblables",
             "delay exceeded nine times in ten, on similar invoices"),
    _feature("alike_median", "days", -np.inf, 1, "lateness",
             "retard médian sur des factures semblables",
             "median days late on similar invoices"),
    _feature("alike_p90", "days", -np.inf, 1, "lateness",
             "retard dépassé une fois sur dix, sur des factures semblables",
             "delay exceeded one time in ten, on similar invoices"),
    _feature("alike_weight", "ratio", 0, 0, "history_length",
             "nombre équivalent de factures semblables déjà payées",
             "equivalent number of similar invoices already paid"),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class SettledInvoices:
    """Settled invoices by customer and due weekday, sorted by settlement day; arrays in that order."""

    settled: Stream
    days_late: Ints
    due: Ints
    cents: Floats

    @classmethod
    def of(cls, book: Book) -> SettledInvoices:
        """Sort a book's settled invoices."""
        owned = book.is_invoice & (book.owner >= 0)
        due = book.due[owned]
        figures = {"days_late": book.days_late[owned], "due": due, "cents": np.maximum(book.amount[owned], 1)}
        stream = Stream.of(book.owner[owned] * 7 + weekday(due), book.settled[owned], figures)
        values = stream.values
        return cls(stream, values["days_late"], values["due"], values["cents"].astype(np.float64))

    def columns(self, owner: Ints, day: Ints, due: Ints, cents: Ints) -> dict[str, Floats]:
        """Compute `COLUMNS` for queried invoices on days, each of shape `(n,)`."""
        begins, ends = self.places(owner, day)
        past = (np.maximum(begins, ends - MOST_SAME), ends, self.days_late, _faded(self.due), self.cents)
        return _columns(past, day, due, np.maximum(cents, 1).astype(np.float64))

    def kept(self, owner: Ints, day: Ints) -> dict[str, Floats]:
        """Compute the columns of `PAST` for customers as of the end of days, each of shape `(n,)`."""
        begins, ends = self.places(owner, day)
        columns: dict[str, Floats] = {}
        sources = dict(zip(_KEPT, (self.days_late, self.due, self.cents), strict=True))
        for name, values in sources.items():
            for one in WEEKDAYS:
                for place in range(MOST_SAME):
                    where = ends[:, one] - 1 - place
                    known = where >= begins[:, one]
                    columns[f"past{one}_{place}_{name}"] = _at(values, where, known)
        return columns

    def places(self, owner: Ints, day: Ints) -> tuple[Ints, Ints]:
        """Return the range of each customer's invoices of each weekday, each of shape `(n, 7)`."""
        keys = owner * 7
        begins = np.stack([self.settled.start(keys + one) for one in WEEKDAYS], axis=1)
        return begins, np.stack([self.settled.upto(keys + one, day) for one in WEEKDAYS], axis=1)


@dataclass(frozen=True, slots=True, eq=False)
class StoredInvoices:
    """Stored invoices of customers, as the kernel reads them: without NaN, each weekday's latest last.

    Parameters
    ----------
    counts
        Number of each customer's invoices by due weekday, shape `(n, 7)`.
    invoices
        Days late, due day, and cents of each invoice, in the order of the counts, shape `(3, n_invoices)`.
    """

    counts: Ints
    invoices: Floats

    @classmethod
    def of(cls, table: Floats) -> StoredInvoices:
        """Build from the columns of `PAST`, shape `(n, n_past)`."""
        blocks = table.reshape(len(table), len(_KEPT), 7, MOST_SAME)[..., ::-1]
        known = ~np.isnan(blocks[:, 0])
        days_late, due, cents = (blocks[:, place][known] for place in range(len(_KEPT)))
        return cls(known.sum(axis=2), np.stack((days_late, due, cents)))

    @classmethod
    def together(cls, pasts: Sequence[StoredInvoices]) -> StoredInvoices:
        """Concatenate the customers of several, in order."""
        if len(pasts) == 1:
            return pasts[0]
        counts, invoices = [past.counts for past in pasts], [past.invoices for past in pasts]
        return cls(np.concatenate(counts), np.concatenate(invoices, axis=1))

    def columns(self, day: Ints, due: Ints, cents: Ints) -> dict[str, Floats]:
        """Compute `COLUMNS` for an invoice of each customer: bit-identical to those from the ledger."""
        begins, ends, days_late, past_due, amounts = self.settled()
        past = (begins, ends, days_late, _faded(past_due), amounts)
        return _columns(past, day, due, np.maximum(cents, 1).astype(np.float64))

    def settled(self) -> tuple[Ints, Ints, Ints, Ints, Floats]:
        """Return the range of each weekday's invoices, `(n, 7)`, and their days late, due days and cents."""
        ends = np.cumsum(self.counts).reshape(self.counts.shape)
        days_late, due, cents = self.invoices
        return ends - self.counts, ends, days_late.astype(np.int64), due.astype(np.int64), cents


def weekday(day: Ints) -> Ints:
    """Return the weekday of day numbers, 0 for Monday (1970-01-01 was a Thursday).

    Examples
    --------
    >>> weekday(np.array([0])).tolist()
    [3]
    """
    return (day + 3) % 7


def _columns(
    past: tuple[Ints, Ints, Ints, Floats, Floats], day: Ints, due: Ints, cents: Floats
) -> dict[str, Floats]:
    from models.features.similar_invoices_kernel import weighted_quantiles  # noqa: PLC0415  # numba costs half a second

    begins, ends, days_late, faded, amount = past
    found, total = np.empty((len(day), len(SHARES))), np.empty(len(day))
    weighted_quantiles(
        begins, ends, days_late, faded, amount, weekday(due), cents,
        MOST_OTHERS, OTHERS_SHARE, np.array(SHARES), found, total,
    )  # fmt: skip
    return dict(zip(COLUMNS, (*found.T, total / _faded(day)), strict=True))


def _faded(day: Ints) -> Floats:
    faded: Floats = _fading()[np.clip(day, 0, _LAST_DAY - 1)]
    return faded


@cache
def _fading() -> Floats:
    """Return exp(day / memory) by day number, as a table, so that a day always gives the same value."""
    return np.exp(np.arange(_LAST_DAY) / MEMORY_DAYS)


def _at(values: NDArray[np.number[Any]], where: Ints, known: NDArray[np.bool_]) -> Floats:
    if not len(values):
        return np.full(len(where), np.nan)
    return np.where(known, values[np.maximum(where, 0)].astype(np.float64), np.nan)
