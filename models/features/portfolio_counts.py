"""Counts over a whole portfolio that the features of one customer need.

Customers are independent but for these, so that a portfolio is scored part by part: count each part, add up,
score each part with the sum. All counts are whole numbers: the sum depends neither on the parts nor on their
order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.errors import LedgerError
from models.features.peers import PeerOutcomes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.features.payment_counts import PaymentCounts


@dataclass(frozen=True, slots=True, eq=False)
class PortfolioCounts:
    """Counts of customers as of the end of a day, or of every day until it.

    Parameters
    ----------
    day
        Days since 1970-01-01.
    peers
        Outcomes by peer group.
    payments
        Payments by interval of days late, by the day on which they were counted
        (`models.features.curves.Curves.counted_on`).
    """

    day: int
    peers: PeerOutcomes
    payments: Mapping[int, PaymentCounts]

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
        payments: dict[int, PaymentCounts] = {}
        for part in parts:
            for day, counted in part.payments.items():
                payments[day] = payments[day] + counted if day in payments else counted
        return cls(parts[0].day, PeerOutcomes.summed([part.peers for part in parts]), payments)
