"""Cluster bootstrap over customers: sampling error of a figure.

A customer's rows are dependent, as twelve snapshots of one default are one event: resampling single rows
would understate the error (Davison and Hinkley 1997, section 3.8). Both models of a comparison are measured
on the same draws, so that common variation cancels out. Owns draws and the measures on them; `gate` draws the
conclusions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipelines.training.metrics import BINS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from models.arrays import Floats, Ints

CONFIDENCE = 0.95
_AT_ONCE = 64
"""Number of draws per batch: rows x draws have to fit in memory."""


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """Bootstrap samples of customers, with replacement.

    Parameters
    ----------
    customer
        Index of each row's customer, from 0, shape `(n_rows,)`.
    counts
        Count of each customer in each draw, shape `(n_draws, n_customers)`.
    """

    customer: Ints
    counts: NDArray[np.uint16]

    @classmethod
    def of(cls, owner: Ints, count: int, seed: int) -> Draws:
        """Draw `count` samples of the size of the customers.

        Parameters
        ----------
        owner
            Each row's customer, any codes, shape `(n_rows,)`.
        """
        known, customer = np.unique(owner, return_inverse=True)
        rng, size = np.random.default_rng(seed), len(known)
        counts = np.zeros((count, size), dtype=np.uint16)
        for draw in range(count):
            counts[draw] = np.bincount(rng.integers(0, size, size), minlength=size)
        return cls(customer.astype(np.int64), counts)

    def totals(self, values: Floats) -> Floats:
        """Sum a value of each row over each draw, shape `(n_draws,)`."""
        by_customer = np.bincount(self.customer, values, self.counts.shape[1]).astype(np.float64)
        total: Floats = self.counts @ by_customer
        return total

    def means(self, values: Floats) -> Floats:
        """Average a value of each row over each draw, shape `(n_draws,)`."""
        return self.totals(values) / self.totals(np.ones(len(values)))

    def aucs(self, label: Floats, probability: Floats) -> Floats:
        """Return the AUC in each draw, NaN for a single outcome; shape `(n_draws,)`.

        Ties count half, as in the AUC by pairs (Mann and Whitney 1947).
        """
        order = np.argsort(probability, kind="stable")
        bad, customer = label[order], self.customer[order]
        first = np.flatnonzero(np.diff(probability[order], prepend=-np.inf) > 0)
        return np.concatenate(
            [
                _aucs(self.counts[start : start + _AT_ONCE, customer].astype(np.float64), bad, first)
                for start in range(0, len(self.counts), _AT_ONCE)
            ]
        )

    def calibration_errors(self, label: Floats, probability: Floats, bins: int = BINS) -> Floats:
        """Return the calibration error in each draw, with the bins of the original rows."""
        distance = np.zeros(len(self.counts))
        for rows in np.array_split(np.argsort(probability, kind="stable"), bins):
            missed = np.zeros(len(label))
            missed[rows] = label[rows] - probability[rows]
            distance += np.abs(self.totals(missed))
        return distance / self.totals(np.ones(len(label)))


def interval(values: Floats) -> tuple[float, float]:
    """Return the central 95 % interval of the draws; infinite where none could be measured."""
    known = values[~np.isnan(values)]
    if not len(known):
        return -np.inf, np.inf
    rest = (1.0 - CONFIDENCE) / 2.0
    low, high = np.quantile(known, [rest, 1.0 - rest])
    return float(low), float(high)


def _aucs(weight: Floats, bad: Floats, first: Ints) -> Floats:
    """Return weighted AUCs of rows sorted by probability; `first` starts each group of ties."""
    of_bad = np.add.reduceat(weight * bad, first, axis=1)
    of_good = np.add.reduceat(weight * (1.0 - bad), first, axis=1)
    below = np.cumsum(of_good, axis=1) - of_good
    pairs = of_bad.sum(axis=1) * of_good.sum(axis=1)
    won = (of_bad * (below + 0.5 * of_good)).sum(axis=1)
    share: Floats = np.divide(won, pairs, out=np.full(len(won), np.nan), where=pairs > 0)
    return share
