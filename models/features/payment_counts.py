"""Payments of customers by interval of days late, as whole numbers that add up exactly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from models.arrays import Ints

COUNT_UNIT = 1 << 34
"""Resolution of the counts: an invoice of weight 1 counts as so many."""


@dataclass(frozen=True, slots=True, eq=False)
class PaymentCounts:
    """Invoices at risk of payment in each interval, and paid in it, in 1 / `COUNT_UNIT`, shape `(n_bounds,)`.

    Whole numbers, so that the counts of disjoint sets of customers add up to those of all of them to the last
    digit, in any order.
    """

    at_risk: Ints
    events: Ints

    def __add__(self, other: PaymentCounts) -> PaymentCounts:
        return PaymentCounts(self.at_risk + other.at_risk, self.events + other.events)

    @classmethod
    def none(cls, intervals: int) -> PaymentCounts:
        """Return counts of no customer."""
        return cls(np.zeros(intervals, dtype=np.int64), np.zeros(intervals, dtype=np.int64))
