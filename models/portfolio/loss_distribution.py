"""Distribution of a year's loss from defaults, of obligors that share one factor.

Owns the model: once the common factor is known each obligor defaults or not, independently of the others
(Vasicek 1987; CreditMetrics in default mode). The exact sum given the factor is integrated over it, so that
no figure has an error of simulation. What an obligor is, and what its default costs, is the caller's.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from models.portfolio.loss_grid import LossGrid

if TYPE_CHECKING:
    from models.arrays import Floats
    from models.portfolio.loss_grid import Transform
    from models.portfolio.obligors import Obligors

CELLS = 1 << 15
_FURTHEST = 6.0
"""Standard deviations of the factor up to which it is integrated: 2e-9 of all years lie beyond."""
_FIRST_STEP, _LAST_STEP = 0.25, 0.02
_SETTLED = 2e-4
"""Relative change of a quantile below which the step of the factor is not halved again."""
_TESTED = (0.5, 0.9, 0.99, 0.999)
_TINY = 1e-13


@dataclass(frozen=True, slots=True, eq=False)
class LossDistribution:
    """Probabilities of a year's loss.

    Parameters
    ----------
    expected_eur, unexpected_eur
        Mean and standard deviation, exact.
    certain_eur
        Part of every loss: of those in default already.
    grid
        The obligors' losses in cells.
    cumulative
        Probability of a loss of at most so many cells beyond the certain one, shape `(cells,)`.
    step
        Step of the factor that the integral settled at.
    """

    expected_eur: float
    unexpected_eur: float
    certain_eur: float
    grid: LossGrid
    cumulative: Floats
    step: float

    def cell(self, confidence: float) -> int:
        """Return the cell of a quantile."""
        found = int(np.searchsorted(self.cumulative, confidence - _TINY))
        return min(found, len(self.cumulative) - 1)

    def value_at_risk_eur(self, confidence: float) -> float:
        """Return the loss that is not exceeded with a probability: its quantile."""
        return self.certain_eur + self.cell(confidence) * self.grid.cell_eur

    def expected_shortfall_eur(self, confidence: float) -> float:
        """Return the mean loss of the worst share of years (Acerbi and Tasche 2002)."""
        cell = self.cell(confidence)
        beyond = float((1.0 - self.cumulative[cell:]).sum()) / (1.0 - confidence)
        return self.certain_eur + (cell + beyond) * self.grid.cell_eur

    def exceedance(self, loss_eur: float) -> float:
        """Return the probability of a larger loss."""
        cell = math.floor((loss_eur - self.certain_eur) / self.grid.cell_eur + 1e-9)
        if cell < 0:
            return 1.0
        return 1.0 - float(self.cumulative[min(cell, len(self.cumulative) - 1)])


def loss_distribution(obligors: Obligors, certain_eur: float = 0.0, cells: int = CELLS) -> LossDistribution:
    """Compute the distribution of a year's loss.

    Parameters
    ----------
    certain_eur
        Loss of those in default already, part of every year's.
    cells
        Cells of the grid: a quantile is known to within one of them.

    Examples
    --------
    >>> from models.portfolio.obligors import Obligors
    >>> alone = Obligors(np.array([0.02]), np.array([1000.0]), np.array([0.2]))
    >>> found = loss_distribution(alone)
    >>> round(found.value_at_risk_eur(0.95)), round(found.value_at_risk_eur(0.99))
    (0, 1000)
    """
    grid = LossGrid(obligors, cells)
    step = _FIRST_STEP
    total = _over_factor(grid, factors(step))
    while True:
        between = _over_factor(grid, factors(step)[1:] - step / 2)
        both = _Integral(total.transform + between.transform, total.squares + between.squares)
        coarse, fine = _quantiles(grid, total.transform * step), _quantiles(grid, both.transform * step / 2)
        total, step = both, step / 2
        if step <= _LAST_STEP or bool(np.all(np.abs(fine - coarse) <= 1.0 + _SETTLED * fine)):
            break
    expected_eur = float(obligors.pd @ obligors.loss_eur)
    squares = total.squares * step * grid.cell_eur**2
    masses = grid.masses(total.transform)
    return LossDistribution(
        expected_eur + certain_eur,
        math.sqrt(max(squares - expected_eur**2, 0.0)),
        certain_eur,
        grid,
        np.minimum(np.cumsum(masses) / masses.sum(), 1.0),
        step,
    )


def factors(step: float) -> Floats:
    """Return values of the factor at equal steps, the worst first."""
    most = round(_FURTHEST / step)
    return np.arange(-most, most + 1, dtype=np.float64) * step


def density(factor: float) -> float:
    """Return the standard normal density."""
    return math.exp(-factor * factor / 2.0) / math.sqrt(2.0 * math.pi)


def series_tolerance(weight: float) -> float:
    """Return below what a term is left out where the factor has a weight."""
    return max(_TINY, min(_TINY / weight, 1e-6))


class _Integral(NamedTuple):
    """Sums over values of the factor, weighted by its density: the transform, and the mean squared loss."""

    transform: Transform
    squares: float


def _over_factor(grid: LossGrid, at: Floats) -> _Integral:
    transform, squares = np.zeros(grid.length // 2 + 1, np.complex128), 0.0
    for factor in at.tolist():
        weight = density(factor)
        transform += weight * grid.transform(factor, series_tolerance(weight))
        mean, variance = grid.moments(factor)
        squares += weight * (mean * mean + variance)
    return _Integral(transform, squares)


def _quantiles(grid: LossGrid, transform: Transform) -> Floats:
    """Return quantiles in cells."""
    return np.searchsorted(np.cumsum(grid.masses(transform)), _TESTED).astype(np.float64)
