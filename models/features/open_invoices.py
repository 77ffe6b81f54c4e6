"""Open invoices of customers, as the loops read them and as the state stores them.

Owns the number of open invoices stored and their columns; the curves interpret them.
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
"""Largest number of open invoices stored, and number of last issued invoices examined."""
_KEPT = ("late", "due", "cents")
OPEN = [f"open{place}_{name}" for name in _KEPT for place in range(MOST_OPEN)]
"""A customer's open invoices, latest issued first, NaN where fewer."""
OPEN_FIELD = StateField("open_invoices", (_KEPT, tuple(map(str, range(MOST_OPEN)))))
"""The open invoices as one block of a state: by figure, and by the number issued later."""


@dataclass(frozen=True, slots=True, eq=False)
class OpenInvoices:
    """Open invoices of customers, concatenated.

    Parameters
    ----------
    ends
        End of each customer's invoices, shape `(n,)`; each range starts at the previous end.
    late, due, cents
        Current days late, due day and amount, shape `(n_invoices,)`.
    """

    ends: Ints
    late: Ints
    due: Ints
    cents: Floats

    @property
    def begins(self) -> Ints:
        """Start of each customer's invoices, shape `(n,)`."""
        return np.concatenate(([0], self.ends[:-1])).astype(np.int64)

    @classmethod
    def of(cls, table: Floats) -> OpenInvoices:
        """Build from the columns of `OPEN`, shape `(n, n_open)`."""
        blocks = table.reshape(len(table), len(_KEPT), MOST_OPEN)[..., ::-1]
        known = ~np.isnan(blocks[:, 0])
        late, due, cents = (blocks[:, place][known] for place in range(len(_KEPT)))
        ends = np.cumsum(known.sum(axis=1))
        return cls(ends.astype(np.int64), late.astype(np.int64), due.astype(np.int64), cents)

    @classmethod
    def together(cls, several: Sequence[OpenInvoices]) -> OpenInvoices:
        """Concatenate the customers of several, in order."""
        sizes, rows = [len(one.late) for one in several], [len(one.ends) for one in several]
        before = np.cumsum([0, *sizes[:-1]])
        return cls(
            np.concatenate([one.ends for one in several]) + np.repeat(before, rows),
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
