"""Contribution of each obligor to the expected shortfall of a portfolio: its mean loss in the worst years.

Owns the shares: they add up to the expected shortfall (Euler; Tasche 1999). Given the factor, the probability
that an obligor defaults and the year is among the worst follows from the distribution of all, without the one
being taken out: a series in the odds of its default.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.portfolio.loss_distribution import density, factors, series_tolerance

if TYPE_CHECKING:
    from models.arrays import Floats, Ints
    from models.portfolio.loss_distribution import LossDistribution
    from models.portfolio.obligors import Obligors

_MOST_TERMS = 40
_ENOUGH = 1e-9
"""Probability of the worst years, given the factor and weighted, below which better factors add nothing."""


def shortfall_contributions(obligors: Obligors, distribution: LossDistribution, confidence: float) -> Floats:
    """Return the part of each obligor in the expected shortfall.

    Parameters
    ----------
    distribution
        Of the same obligors.

    Returns
    -------
        Euros, shape `(n,)`; their sum and the certain loss are the expected shortfall.
    """
    grid, cell = distribution.grid, distribution.cell(confidence)
    at_cell = distribution.cumulative[cell] - (distribution.cumulative[cell - 1] if cell else 0.0)
    tie = min(max((distribution.cumulative[cell] - confidence) / max(at_cell, 1e-300), 0.0), 1.0)
    large, left, groups = np.zeros(len(grid.large)), np.zeros(len(grid.large)), np.zeros(len(grid.groups.pd))
    for factor in factors(distribution.step).tolist():
        weight = density(factor) * distribution.step
        masses = grid.masses(grid.transform(factor, series_tolerance(weight)))
        worst = _worst(masses, tie)
        pd, small = grid.given(factor)
        large += weight * _with_default(worst, cell, pd, grid.whole)
        left += weight * pd * worst[cell + 1]
        groups += weight * small * worst[cell + 1]
        if weight * worst[cell + 1] < _ENOUGH * (1.0 - confidence) and factor > -4.0:
            break
    found = np.zeros(len(obligors.pd))
    found[grid.large] = large * grid.whole + left * grid.rest
    share = groups / np.maximum(grid.groups.pd, 1e-300)
    found[grid.small] = (
        obligors.loss_eur[grid.small] / grid.cell_eur * obligors.pd[grid.small] * share[grid.group]
    )
    # What is left of each loss counts as its mean, its Poisson spread does not: the sum is off by a trifle.
    whole_eur = distribution.expected_shortfall_eur(confidence) - distribution.certain_eur
    return found * (whole_eur / max(float(found.sum()), 1e-300))


def _worst(masses: Floats, tie: float) -> Floats:
    """Return the probability that a loss plus what is missing to the quantile is among the worst.

    Element `y + 1` is that of a loss beyond `y` cells, with the share `tie` of one of exactly `y`; the first
    element stands for all `y` below 0.
    """
    beyond = np.maximum(masses.sum() - np.cumsum(masses), 0.0)
    return np.concatenate(([1.0], beyond + tie * masses))


def _with_default(worst: Floats, cell: int, pd: Floats, whole: Ints) -> Floats:
    """Return the probability that an obligor defaults and the loss is among the worst, shape `(m,)`."""
    odds = pd / np.maximum(1.0 - pd, 1e-300)
    falling = odds <= 1.0
    found = np.empty(len(pd))
    found[falling] = _series(worst, cell, odds[falling], -whole[falling])
    rising = ~falling
    found[rising] = worst[cell + 1] - _series(worst, cell, 1.0 / odds[rising], whole[rising])
    return np.clip(found, 0.0, pd)


def _series(worst: Floats, cell: int, odds: Floats, step: Ints) -> Floats:
    """Return the alternating sum over j of odds^j x worst(cell + j step); the last term takes the rest."""
    total, order = np.zeros(len(odds)), np.argsort(-odds)
    odds, step = odds[order], step[order]
    found, power = np.zeros(len(odds)), odds.copy()
    for term in range(1, _MOST_TERMS + 1):
        count = int(np.count_nonzero(power > 1e-12))
        if not count:
            break
        odds, step, power = odds[:count], step[:count], power[:count]
        value = power * worst[np.clip(cell + term * step, -1, len(worst) - 2) + 1]
        if term == _MOST_TERMS:
            value = value / (1.0 + odds)
        found[:count] += value if term % 2 else -value
        power = power * odds
    total[order] = found
    return total
