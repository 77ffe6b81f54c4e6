"""Counts over a whole portfolio that the features of one customer need.

Customers are independent but for these, so that a portfolio is scored part by part: count each part, add up,
score each part with the sum. All counts are whole numbers: the sum depends neither on the parts nor on their
order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.errors import LedgerError
from models.features.curves import PaymentCounts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.arrays import Ints


@dataclass(frozen=True, slots=True, eq=False)
class PortfolioCounts:
    """Counts of customers as of the end of a day.

    Parameters
    ----------
    day
        Days since 1970-01-01.
    peers
        Outcomes by peer group, of `models.features.peers.Peers.counts`, shape `(4, n_levels)`.
    payments
        Payments by interval of days late.
    """

    day: int
    peers: Ints
    payments: PaymentCounts

    @classmethod
    def summed(cls, parts: Sequence[PortfolioCounts]) -> PortfolioCounts:
        """Add up the counts of disjoint parts.

        Raises
        ------
        LedgerError
            There is no part, or they are of several days.
        """
        if len({part.day for part in parts}) != 1:
            raise LedgerError(f"counts of {len({part.day for part in parts})} days; sum those of one day")
        payments = PaymentCounts(
            np.sum([part.payments.at_risk for part in parts], axis=0),
            np.sum([part.payments.events for part in parts], axis=0),
        )
        return cls(parts[0].day, np.sum([part.peers for part in parts], axis=0), payments)
