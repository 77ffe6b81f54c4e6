"""Constant hidden traits of customers: cadence, amounts, seasons, payment runs, lateness.

Owns the hidden traits that are constant over time; `health` owns those that vary.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipelines.demo.simulator.business_days import DAILY, FORTNIGHT, MONTH_END, RUN_KINDS, TENTH

if TYPE_CHECKING:
    from pipelines.demo.simulator.companies import Companies
    from pipelines.demo.simulator.timeline import Floats, Ints, Timeline

NEVER = 10**6
RATES = (1 / 4, 6.5)
"""Invoices per month of the least and of the most frequent buyer."""


@dataclass(frozen=True, slots=True)
class Habits:
    """Hidden traits, one entry per customer in arrays of shape (n_customers,).

    Parameters
    ----------
    rate
        Invoices per month in a normal month, in `RATES`.
    leaves
        First month without purchases, `NEVER` for permanent customers.
    at_most
        Largest number of invoices: 1 or 2 for occasional customers.
    amount_eur
        Median amount of an invoice incl. VAT.
    spread
        Standard deviation of the logarithm of an amount.
    late_days
        Individual component of the lateness, in days.
    noise_days
        Scale of the lateness's Gumbel noise, in days.
    run
        Index of its payment run in `Calendar.next_run`.
    deposits, credited, splits
        Probability of a deposit, a credit note or several payments for one of its invoices.
    """

    rate: Floats
    leaves: Ints
    at_most: Ints
    amount_eur: Floats
    spread: Floats
    late_days: Floats
    noise_days: Floats
    run: Ints
    deposits: Floats
    credited: Floats
    splits: Floats


def draw_habits(companies: Companies, time: Timeline, rng: np.random.Generator) -> Habits:
    """Draw every customer's habits, independent of its health."""
    count = companies.count
    size = np.log1p(companies.headcount) - 1.8
    leaves = np.where(rng.random(count) < 0.16, rng.integers(1, time.months + 1, count), NEVER)
    leaves = np.where(leaves <= companies.entry, NEVER, leaves)
    passing = rng.random(count) < 0.05
    return Habits(
        rate=np.clip(np.exp(rng.normal(0.55, 0.85, count) + 0.12 * size), *RATES),
        leaves=leaves,
        at_most=np.where(passing, rng.integers(1, 3, count), NEVER),
        amount_eur=np.clip(np.exp(rng.normal(7.4, 0.9, count) + 0.35 * size), 60, 150_000),
        spread=rng.uniform(0.3, 0.8, count),
        late_days=_late_days(count, rng),
        noise_days=np.clip(np.exp(rng.normal(1.85, 0.35, count)), 2.0, 11.0),
        run=_runs(companies.headcount, rng),
        deposits=np.where(rng.random(count) < 0.07, rng.uniform(0.1, 0.7, count), 0.0),
        credited=np.clip(rng.gamma(1.2, 0.02, count), 0.0, 0.2),
        splits=np.where(rng.random(count) < 0.25, rng.uniform(0.02, 0.25, count), 0.004),
    )


def _late_days(count: int, rng: np.random.Generator) -> Floats:
    kind = rng.choice(4, count, p=[0.28, 0.47, 0.19, 0.06])
    mean, sd = np.array([-4.5, -1.0, 2.0, 8.0])[kind], np.array([1.5, 2.0, 2.5, 4.0])[kind]
    return np.asarray(rng.normal(mean, sd))


def _runs(headcount: Ints, rng: np.random.Generator) -> Ints:
    large = headcount >= 20
    regular = rng.random(len(headcount)) < np.where(large, 0.85, 0.5)
    kinds = np.array([1, 2, 3, 4, 5, MONTH_END, TENTH, FORTNIGHT])
    shares = np.array([0.06, 0.18, 0.12, 0.20, 0.19, 0.09, 0.06, 0.10])
    run = np.where(regular, rng.choice(kinds, len(headcount), p=shares), DAILY)
    closed = rng.random(len(headcount)) < np.where(large, 0.15, 0.4)
    return np.asarray(run + RUN_KINDS * closed)
