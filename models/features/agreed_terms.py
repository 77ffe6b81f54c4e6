"""Customer values that the policy reads besides features: agreed terms, limit, insurance, peak exposure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.features.running import Stream, day_numbers
from models.ledger.id_positions import position

if TYPE_CHECKING:
    from models.arrays import Floats, Ints
    from models.ledger.ledger import Ledger

_PEAK_DAYS = 365


@dataclass(frozen=True, slots=True)
class AgreedTerms:
    """Agreed terms and limit by customer, insurance by day, and the exposure's movements and level."""

    terms: Floats
    limit_eur: Floats
    covers: Stream
    open: Stream
    level: Ints

    @classmethod
    def of(cls, ledger: Ledger, opened: Stream) -> AgreedTerms:
        """Build the columns and streams of a ledger's customers and insurance."""
        customers, insurance = ledger.customers, ledger.insurance
        owner = position(customers["customer_id"], insurance["customer_id"])
        known = owner >= 0
        begins, ends = day_numbers(insurance["valid_from"]), day_numbers(insurance["valid_to"])
        cents = (insurance["limit_eur"].to_numpy(np.float64) * 100).round().astype(np.int64)
        insured = (cents * insurance["covered_share"].to_numpy(np.float64)).round().astype(np.int64)
        change = {
            "limit": np.concatenate((cents[known], -cents[known])),
            "insured": np.concatenate((insured[known], -insured[known])),
        }
        days = np.concatenate((begins[known], ends[known] + 1))
        return cls(
            customers["payment_terms_days"].to_numpy(np.float64),
            customers["credit_limit_eur"].to_numpy(np.float64),
            Stream.of(np.tile(owner[known], 2), days, change),
            opened,
            _level(opened),
        )

    def columns(self, owner: Ints, day: Ints) -> dict[str, Floats]:
        """Compute the columns for customers as of the end of days, each of shape `(n,)`."""
        start, stop = self.covers.start(owner), self.covers.upto(owner, day)
        limit = self.covers.total("limit", start, stop) / 100
        insured = self.covers.total("insured", start, stop) / 100
        return {
            "agreed_terms_days": self.terms[owner],
            "limit_in_force_eur": self.limit_eur[owner],
            "insured_limit_eur": limit,
            "covered_share": np.where(limit > 0, insured / np.maximum(limit, 0.01), 0.0),
            "peak_exposure_eur": self._peak(owner, day),
        }

    def _peak(self, owner: Ints, day: Ints) -> Floats:
        """Return the highest exposure of the last 365 days, including that at their beginning."""
        stream = self.open
        start, begin, stop = (
            stream.start(owner),
            stream.upto(owner, day - _PEAK_DAYS),
            stream.upto(owner, day),
        )
        running = stream.sums["amount"]
        bounds = np.minimum(np.stack((begin + 1, stop + 1), axis=1).ravel(), len(self.level) - 1)
        reached = self.level[: int(bounds.max(initial=0)) + 1]
        highest = np.maximum.reduceat(reached, bounds)[::2] if len(bounds) else running[start]
        peak = np.where(stop > begin, np.maximum(highest, running[begin]), running[begin]) - running[start]
        return np.maximum(peak, 0) / 100


def _level(opened: Stream) -> Ints:
    """Return the running exposure, and the smallest integer at events that do not end a day.

    Only the balance after a day's last event counts.
    """
    ends = np.append(opened.keys[1:] != opened.keys[:-1], True)[: len(opened.keys)]  # an array's value
    running = opened.sums["amount"]
    level = np.where(np.concatenate(([True], ends)), running, np.iinfo(np.int64).min)
    return np.append(level, running[-1])
