"""Receipts of the coming weeks: their mean, and a band P10 to P90 that has its nominal coverage.

The weekly total of a portfolio is a sum over open invoices of amount times `payment_weeks.week_shares`. Its
variance has three parts: invoices on their own; the dependence inside a customer, whose invoices of one week
are paid in one run; and a factor that all customers of a week share. The weights of the last two are
estimated from forecasts made at past dates of the same ledger with what was known then. The band is that of a
gamma distribution with this mean and variance: receipts are never negative and skewed to the right.

Owns the moments, the weights and the band.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from models.portfolio.payment_weeks import WEEKS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from models.arrays import Floats, Ints

LEVELS = (0.1, 0.5, 0.9)
ENOUGH_WEEKS = 20
"""Number of past weekly totals from which the dependence is estimated; the default is used below."""
LEAST_HISTORY_DAYS = 56
"""Payments must have been known for so many days: forecasts without habits say nothing about later ones."""
_IN_CUSTOMER, _SHARED = 0.3, 0.05
"""Defaults, near what was found on a real ledger of 991 customers."""
_GRID = np.linspace(0.0, 1.0, 21), np.linspace(0.0, 0.4, 21)
_PRIOR = 4.0, 100.0
"""Weights of the squared distances from the defaults, in units of twice the log-likelihood."""
_LEAST_SHARE = 0.02
"""A past total is taken as at least this share of its forecast: near zero the density says nothing."""


def _no_weeks() -> Floats:
    return np.zeros(WEEKS)


@dataclass(frozen=True, slots=True, eq=False)
class WeeklyMoments:
    """Sums from which the weekly total of any set of customers has its mean and variance; they add up.

    Parameters
    ----------
    mean_eur
        Expected receipts by week, shape `(WEEKS,)`.
    alone_eur2
        Variance if every invoice were paid on its own.
    together_eur2
        Variance if all invoices of a customer were paid in one run, and customers on their own.
    """

    mean_eur: Floats = field(default_factory=_no_weeks)
    alone_eur2: Floats = field(default_factory=_no_weeks)
    together_eur2: Floats = field(default_factory=_no_weeks)

    @classmethod
    def of(cls, open_eur: Floats, shares: Floats, owner: Ints) -> WeeklyMoments:
        """Sum invoices.

        Parameters
        ----------
        open_eur, owner
            Open amount of each invoice and a code of its customer, shape `(n,)`.
        shares
            Share of each paid in each week, shape `(n, WEEKS)`.
        """
        if not len(open_eur):
            return cls()
        variance = open_eur[:, None] ** 2 * shares * (1.0 - shares)
        _, code = np.unique(owner, return_inverse=True)
        spread = np.zeros((int(code.max()) + 1, WEEKS))
        np.add.at(spread, code, np.sqrt(variance))
        return cls((open_eur[:, None] * shares).sum(axis=0), variance.sum(axis=0), (spread**2).sum(axis=0))

    def __add__(self, other: WeeklyMoments) -> WeeklyMoments:
        return WeeklyMoments(
            self.mean_eur + other.mean_eur,
            self.alone_eur2 + other.alone_eur2,
            self.together_eur2 + other.together_eur2,
        )


@dataclass(frozen=True, slots=True)
class ReceiptDependence:
    """How far receipts of one week go together.

    Parameters
    ----------
    in_customer
        Weight of paying all of a customer's invoices of a week in one run, in [0, 1].
    shared
        Standard deviation of the factor that all customers of a week share.
    past_weeks
        Number of past weekly totals it was estimated from; 0 for the default.
    """

    in_customer: float = _IN_CUSTOMER
    shared: float = _SHARED
    past_weeks: int = 0

    def variance(self, moments: WeeklyMoments) -> Floats:
        """Return the variance of the weekly totals, shape `(WEEKS,)`."""
        found: Floats = (
            (1 - self.in_customer) * moments.alone_eur2
            + self.in_customer * moments.together_eur2
            + (self.shared * moments.mean_eur) ** 2
        )
        return found

    def band(self, moments: WeeklyMoments) -> Floats:
        """Return P10, P50 and P90 of the weekly totals, in euros, shape `(WEEKS, 3)`."""
        from scipy.special import gammaincinv  # noqa: PLC0415  # answering needs no scipy

        mean, variance = moments.mean_eur, self.variance(moments)
        certain = (variance <= 0) | (mean <= 0)
        safe_mean, safe_variance = np.where(certain, 1.0, mean), np.where(certain, 1.0, variance)
        shape, scale = safe_mean**2 / safe_variance, safe_variance / safe_mean
        quantiles = gammaincinv(shape[:, None], np.array(LEVELS)) * scale[:, None]
        found: Floats = np.where(certain[:, None], np.maximum(mean, 0.0)[:, None], quantiles)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class PastForecasts:
    """Forecasts made at past dates with what was known then, and what was received; parts add up.

    Parameters
    ----------
    mean_eur, alone_eur2, together_eur2
        `WeeklyMoments` of each date, shape `(n_dates, WEEKS)`.
    received_eur
        Receipts of the invoices open on each date, shape `(n_dates, WEEKS)`.
    known
        Whether the week has ended, shape `(n_dates, WEEKS)`.
    history_days
        Days from the first payment to each date, shape `(n_dates,)`; the longest of several parts.
    """

    mean_eur: Floats
    alone_eur2: Floats
    together_eur2: Floats
    received_eur: Floats
    known: NDArray[np.bool_]
    history_days: Ints

    def __add__(self, other: PastForecasts) -> PastForecasts:
        return PastForecasts(
            self.mean_eur + other.mean_eur,
            self.alone_eur2 + other.alone_eur2,
            self.together_eur2 + other.together_eur2,
            self.received_eur + other.received_eur,
            self.known,
            np.maximum(self.history_days, other.history_days),
        )

    def dependence(self) -> ReceiptDependence:
        """Estimate the dependence by the gamma likelihood of past totals, drawn to the default.

        The weeks of overlapping forecasts are taken as independent, which leaves the estimate unbiased.
        """
        from scipy.special import gammaln  # noqa: PLC0415  # as above

        usable = self.known & (self.mean_eur > 0) & (self.together_eur2 > 0)
        usable &= self.history_days[:, None] >= LEAST_HISTORY_DAYS
        if usable.sum() < ENOUGH_WEEKS:
            return ReceiptDependence()
        mean, alone, together = self.mean_eur[usable], self.alone_eur2[usable], self.together_eur2[usable]
        received = np.maximum(self.received_eur[usable], _LEAST_SHARE * mean)
        in_customer, shared = (values.ravel() for values in np.meshgrid(*_GRID, indexing="ij"))
        variance = (
            (1 - in_customer[:, None]) * alone
            + in_customer[:, None] * together
            + (shared[:, None] * mean) ** 2
        )
        shape, scale = mean**2 / variance, variance / mean
        log_density = (
            (shape - 1) * np.log(received) - received / scale - gammaln(shape) - shape * np.log(scale)
        )
        penalty = _PRIOR[0] * (in_customer - _IN_CUSTOMER) ** 2 + _PRIOR[1] * (shared - _SHARED) ** 2
        best = int(np.argmax(2 * log_density.sum(axis=1) - penalty))
        return ReceiptDependence(float(in_customer[best]), float(shared[best]), int(usable.sum()))


def received_by_week(as_of: int, paid_on: Ints, paid_eur: Floats) -> Floats:
    """Sum payments by the weeks after a day, shape `(WEEKS,)`; later ones and earlier ones are left out."""
    week = (paid_on - as_of - 1) // 7
    inside = (week >= 0) & (week < WEEKS)
    return np.bincount(week[inside], paid_eur[inside], WEEKS).astype(np.float64)
