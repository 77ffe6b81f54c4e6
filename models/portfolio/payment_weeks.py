"""When open invoices are paid: the share of each that arrives in each of the next weeks.

The delay curve gives the probability of a payment later than each of `BOUNDS`. Here it becomes a distribution
over the days to come, given that the invoice is still unpaid. Between two bounds payments fall on days in
proportion to the weekday's share of past payments. Invoices more than `MONTHLY_FROM` days late are paid more
often in some parts of the month, as far as the past shows it. Beyond the last bound there is a constant daily
rate by age. What is not paid within `WEEKS` weeks comes later or never.

Owns the shares, their storage as whole parts of `PARTS`, and the shift by a longer delay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.features.curves import BOUNDS
from models.portfolio.payment_rhythm import MONTHLY_FROM, TAIL_BOUNDS, month_part

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from models.arrays import Floats, Ints
    from models.portfolio.payment_rhythm import PaymentRhythm

WEEKS = 13
DAYS = 7 * WEEKS
PARTS = 65_535
"""A stored share is a whole number of these parts."""
AT_ONCE = 4_000
"""Number of invoices computed at once: their days fit in the processor's cache."""
_EARLIEST = 30
"""Largest number of days before the first bound over which its payments are spread."""


def week_shares(
    chances: Floats, days_past_due: Floats, as_of: int, rhythm: PaymentRhythm, delay_days: int = 0
) -> Floats:
    """Return the share of each invoice paid in each week after a day, shape `(n, WEEKS)`.

    Parameters
    ----------
    chances
        Probabilities of a payment later than each of `BOUNDS`, non-increasing, shape `(n, n_bounds)`.
    days_past_due
        Whole days since the due date at the end of the day, negative before it, shape `(n,)`.
    as_of
        The day, counted from 1970-01-01; the first week is the seven days after it.
    delay_days
        Whole days by which every payment is postponed, 0 or more.
    """
    shares = np.zeros((len(chances), WEEKS))
    for begin in range(0, len(chances), AT_ONCE):
        rows = slice(begin, begin + AT_ONCE)
        past = np.asarray(days_past_due[rows], np.float64)
        unpaid = _monthly(_unpaid(chances[rows], past, as_of, rhythm), past, as_of, rhythm)
        late = np.concatenate((np.ones((len(past), 1 + delay_days)), unpaid), axis=1)
        shares[rows] = -np.diff(late[:, : DAYS + 1 : 7], axis=1)
    return np.clip(shares, 0.0, 1.0)


def _unpaid(chances: Floats, past: Floats, as_of: int, rhythm: PaymentRhythm) -> Floats:
    """Return the probability that invoices are unpaid after each day to come, shape `(n, DAYS)`."""
    ahead = np.arange(1, DAYS + 1)
    first = np.minimum(np.maximum(past, BOUNDS[0] - _EARLIEST), BOUNDS[0])[:, None]
    edges = np.concatenate((first, np.broadcast_to(BOUNDS, chances.shape)), axis=1)
    levels = np.where(edges <= past[:, None], 1.0, np.concatenate((np.ones_like(first), chances), axis=1))
    late = (past[:, None] + ahead).astype(np.int64)
    after = 1 + _PLACES[np.clip(late, BOUNDS[0], BOUNDS[-1]) - BOUNDS[0]]
    worked = _worked_days(as_of, rhythm.weekdays)
    begin = (np.maximum(edges[:, :-1] - past[:, None], 0.0)).astype(np.int64)
    end = np.maximum(edges[:, 1:] - past[:, None], 0.0).astype(np.int64)
    from_begin, to_end = worked[np.minimum(begin, len(worked) - 1)], worked[np.minimum(end, len(worked) - 1)]
    span = to_end - from_begin
    # An interval without a working day keeps its payments: they fall on its last day.
    slope = np.where(span > 0, np.diff(levels, axis=1) / np.where(span > 0, span, 1.0), 0.0)
    rows = np.arange(len(past))[:, None]
    passed = worked[ahead][None] - from_begin[rows, after - 1]
    inside = levels[rows, after - 1] + slope[rows, after - 1] * np.maximum(passed, 0.0)
    within = np.where(ahead[None] >= end[rows, after - 1], levels[rows, after], inside)
    found: Floats = within * _tail(past[:, None], late, rhythm.tail_rates)
    return found


def _tail(past: Floats, late: Ints, rates: Floats) -> Floats:
    """Return the probability that an invoice beyond the last bound is still unpaid at a delay."""
    if not (late > TAIL_BOUNDS[0]).any():
        return np.ones(late.shape)
    ends = (*TAIL_BOUNDS[1:], np.inf)
    exponent = np.zeros(late.shape)
    for rate, begin, end in zip(rates, TAIL_BOUNDS, ends, strict=True):
        exponent += rate * np.maximum(np.minimum(late, end) - np.maximum(past, begin), 0.0)
    found: Floats = np.exp(-exponent)
    return found


def _monthly(unpaid: Floats, past: Floats, as_of: int, rhythm: PaymentRhythm) -> Floats:
    """Multiply the daily rates of payment of late invoices by the factor of the part of the month."""
    days = np.arange(1, DAYS + 1)
    factor = rhythm.month_parts[month_part(as_of + days)]
    power = np.where(past[:, None] + days > MONTHLY_FROM, factor[None], 1.0)
    logs = np.log(np.maximum(unpaid, 1e-12))
    rates = np.diff(logs, axis=1, prepend=0.0)
    found: Floats = np.exp(np.cumsum(rates * power, axis=1))
    return found


def _worked_days(as_of: int, weekdays: Floats) -> Floats:
    """Return the weight of the first 0, 1, ... days after a day by their weekdays; a whole week weighs 1."""
    length = DAYS + _EARLIEST + int(BOUNDS[-1] - BOUNDS[0]) + 1
    following = (as_of + 3 + 1 + np.arange(length)) % 7  # day 0 was a Thursday
    return np.concatenate(([0.0], np.cumsum(weekdays[following])))


_PLACES = np.searchsorted(BOUNDS, np.arange(BOUNDS[0], BOUNDS[-1] + 1), side="left")
"""Index of the first bound at or above each whole number of days."""


def whole_parts(shares: Floats) -> NDArray[np.uint16]:
    """Round shares to whole parts of `PARTS`, each row's sum included, shape `(n, WEEKS)`."""
    cumulated = np.rint(np.clip(np.cumsum(shares, axis=1), 0.0, 1.0) * PARTS)
    return np.diff(cumulated, axis=1, prepend=0.0).astype(np.uint16)


def expected_cents(open_cents: Ints, parts: NDArray[np.uint16]) -> Ints:
    """Return the receipts expected of each invoice in each week, in whole cents, shape `(n, WEEKS)`.

    A row's sum is the invoice's cumulated share to the cent: rounding never gains or loses one.
    """
    cumulated = np.cumsum(parts.astype(np.int64), axis=1) * np.asarray(open_cents, np.int64)[:, None]
    rounded = (2 * cumulated + PARTS) // (2 * PARTS)
    found: Ints = np.diff(rounded, axis=1, prepend=0)
    return found


def delayed(shares: Floats, delay_days: Floats | float) -> Floats:
    """Postpone payments by days, from weekly shares alone, shape `(n, WEEKS)`.

    Payments within a week are spread evenly over its days. A negative delay brings payments forward: those
    that would fall before the first week are paid in it.

    Parameters
    ----------
    shares
        Of `week_shares`.
    delay_days
        Shape `(n,)`, or one number.

    Examples
    --------
    >>> delayed(np.array([[0.7] + [0.0] * 12]), 2.0)[0, :2].round(6).tolist()
    [0.5, 0.2]
    """
    delay = np.broadcast_to(np.asarray(delay_days, np.float64), (len(shares),))[:, None] / 7
    cumulated = np.concatenate((np.zeros((len(shares), 1)), np.cumsum(shares, axis=1)), axis=1)
    place = np.clip(np.arange(1, WEEKS + 1)[None] - delay, 0.0, float(WEEKS))
    below = np.minimum(place.astype(np.int64), WEEKS - 1)
    rows = np.arange(len(shares))[:, None]
    low, high = cumulated[rows, below], cumulated[rows, below + 1]
    found: Floats = np.diff(low + (high - low) * (place - below), axis=1, prepend=0.0)
    return found
