"""What customers have open, as the loops take it, and as it is kept in a customer's state.

Owns how many open invoices count and the columns they are kept in; what they tell is the curves'.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.features.state_schema import StateField

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.arrays import Floats, Ints

MOST_OPEN, SCANNED = 50, 200
"""How many open invoices are kept, of how many issued last."""
_KEPT = ("late", "due", "cents")
OPEN = [f"open{place}_{name}" for name in _KEPT for place in range(MOST_OPEN)]
"""A customer's open invoices, the latest issued first, NaN where fewer."""
OPEN_FIELD = StateField("open_invoices", (_KEPT, tuple(map(str, range(MOST_OPEN)))))
"""The same as one block of a state: by figure, and how many were issued later."""


@dataclass(frozen=True, slots=True, eq=False)
class OpenInvoices:
    """Open invoices of customers, one after the other.

    Parameters
    ----------
    ends
        Where each customer's end, shape `(n,)`; they begin where the one before ends.
    late, due, cents
        Days late so far, due day and amount, shape `(n_invoices,)`.
    """

    ends: Ints
    late: Ints
    due: Ints
    cents: Floats

    @property
    def begins(self) -> Ints:
        """Where each customer's begin, shape `(n,)`."""
        return np.concatenate(([0], self.ends[:-1])).astype(np.int64)

    @classmethod
    def of(cls, table: Floats) -> OpenInvoices:
        """Take them out of the columns of `OPEN`, shape `(n, n_open)`."""
        kept = table.reshape(len(table), len(_KEPT), MOST_OPEN)[..., ::-1]
        known = ~np.isnan(kept[:, 0])
        late, due, cents = (kept[:, place][known] for place in range(len(_KEPT)))
        ends = np.cumsum(known.sum(axis=1))
        return cls(ends.astype(np.int64), late.astype(np.int64), due.astype(np.int64), cents)

    @classmethod
    def together(cls, several: Sequence[OpenInvoices]) -> OpenInvoices:
        """Put the customers of several together, in order."""
        counts = np.concatenate([np.diff(one.ends, prepend=0) for one in several])
        return cls(
            np.cumsum(counts).astype(np.int64),
            np.concatenate([one.late for one in several]),
            np.concatenate([one.due for one in several]),
            np.concatenate([one.cents for one in several]),
        )

    def columns(self) -> dict[str, Floats]:
        """Return the columns of `OPEN`."""
        table = np.full((len(self.ends), len(_KEPT), MOST_OPEN), np.nan)
        counts = np.diff(self.ends, prepend=0)
        row = np.repeat(np.arange(len(counts)), counts)
        place = np.repeat(self.ends, counts) - 1 - np.arange(len(row))
        for at, values in enumerate((self.late, self.due, self.cents)):
            table[row, at, place] = values
        return dict(zip(OPEN, table.reshape(len(table), len(OPEN)).T, strict=True))
