"""Losses of obligors on a grid of euros, and their exact sum given the factor that they share.

Owns the convolution. The sum of independent losses has as its transform the product of theirs; the logarithm
of one loss's transform is a series in the odds of its default (De Pril 1986), so that all of them are one sum
on the grid and one Fourier transform, whatever their number. Near a probability of a half the series
converges slowly: those factors are multiplied one by one, where the product is not 0 already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.portfolio.obligors import Obligors, alike

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from models.arrays import Floats, Ints

    Transform = NDArray[np.complex128]

SERIES_ODDS = 0.5
"""Odds of default, or of none, up to which the series is used: it is below 1e-12 after 36 terms."""
_NOTHING = -36.0
"""Logarithm of what counts as 0 in a transform."""
_AT_ONCE = 32


class LossGrid:
    """Losses in whole cells of one size, and what is left of each.

    A loss is rounded down to whole cells. What is left comes in as its mean given the factor, so that the
    expected loss is exact. An obligor of less than a cell counts in a group of its like, and with its
    variance: as a Poisson number of cells.

    Parameters
    ----------
    cells
        Number of cells, at least 2; the last one holds the loss if all default.

    Attributes
    ----------
    cell_eur
        Size of a cell: the sum of all losses over the number of cells, at least a cent.
    large, whole
        Positions of the obligors of a cell or more, shape `(m,)`, and the whole cells of each.
    rest
        What is left of each of them, in cells, in [0, 1).
    small, group
        Positions of the others, shape `(n - m,)`, and the group of each.
    groups
        The groups as obligors, with losses in cells.
    """

    def __init__(self, obligors: Obligors, cells: int) -> None:
        self.length = cells
        self.cell_eur = max(float(obligors.loss_eur.sum()) / (cells - 1), 0.01)
        in_cells = obligors.loss_eur / self.cell_eur
        whole: Ints = np.floor(in_cells + 1e-9).astype(np.int64)
        self.large: Ints = np.flatnonzero(whole)
        self.whole = whole[self.large]
        self.rest: Floats = np.maximum(in_cells[self.large] - self.whole, 0.0)
        self.small: Ints = np.flatnonzero(whole == 0)
        below = Obligors(obligors.pd[self.small], in_cells[self.small], obligors.correlation[self.small])
        self.groups, self.group = alike(below)
        self._squares = np.bincount(self.group, below.loss_eur**2, len(self.groups.pd))
        self._large = obligors.chosen(self.large)
        self._angles = 2.0 * np.pi * np.arange(cells // 2 + 1) / cells
        self._roots: Transform = np.exp(-2j * np.pi * np.arange(cells) / cells)
        self._one_cell = self._roots[: cells // 2 + 1]

    def given(self, factor: float) -> tuple[Floats, Floats]:
        """Return the probabilities of the large obligors and of the groups given the factor."""
        return self._large.given(factor), self.groups.given(factor)

    def moments(self, factor: float) -> tuple[float, float]:
        """Return the mean and the variance of the loss given the factor, in cells."""
        pd, small = self.given(factor)
        loss = self.whole + self.rest
        mean = float(pd @ loss + small @ self.groups.loss_eur)
        return mean, float((pd * (1.0 - pd)) @ loss**2 + (small * (1.0 - small)) @ self._squares)

    def transform(self, factor: float, tolerance: float) -> Transform:
        """Return the Fourier transform of the distribution of the loss given the factor, in cells.

        Parameters
        ----------
        tolerance
            Terms of the series below it are left out.
        """
        pd, small = self.given(factor)
        odds = pd / np.maximum(1.0 - pd, 1e-300)
        few, most = odds <= SERIES_ODDS, odds >= 1.0 / SERIES_ODDS
        measure = np.zeros(self.length)
        self._add_series(measure, odds[few], self.whole[few], tolerance)
        self._add_series(measure, 1.0 / odds[most], -self.whole[most], tolerance)
        constant = np.log1p(-pd[few]).sum() + np.log(pd[most]).sum()
        spread = float((small * (1.0 - small)) @ self._squares)
        left = float(pd @ self.rest + small @ self.groups.loss_eur) - spread
        moved, part = divmod(max(left, 0.0), 1.0)
        turns = -1j * self._angles * (moved + float(self.whole[most].sum()))
        logarithm = np.fft.rfft(measure) + constant + turns + spread * (self._one_cell - 1.0)
        between = ~few & ~most
        product = self._times(logarithm, pd[between], self.whole[between])
        result: Transform = product * (1.0 - part + part * self._one_cell)
        return result

    def masses(self, transform: Transform) -> Floats:
        """Return the probability of each cell, shape `(cells,)`."""
        found: Floats = np.maximum(np.fft.irfft(transform, self.length), 0.0)
        return found

    def _add_series(self, measure: Floats, odds: Floats, whole: Ints, tolerance: float) -> None:
        """Add the terms of log(1 + odds x^whole) to a measure on the grid."""
        order = np.argsort(-odds)
        odds, whole = odds[order], whole[order]
        power, term = odds, 1
        while count := int(np.count_nonzero(power > tolerance * term)):
            odds, whole, power = odds[:count], whole[:count], power[:count]
            weights = power / term if term % 2 else -power / term
            measure += np.bincount(whole * term % self.length, weights, self.length)
            power = power * odds
            term += 1

    def _times(self, logarithm: Transform, pd: Floats, whole: Ints) -> Transform:
        """Multiply a transform, given by its logarithm, with those of single losses."""
        found = np.zeros_like(logarithm)
        at = np.flatnonzero(logarithm.real > _NOTHING)
        product = np.exp(logarithm[at])
        order = np.argsort(-whole)
        for start in range(0, len(order), _AT_ONCE):
            chosen = order[start : start + _AT_ONCE]
            turned = self._roots[np.outer(whole[chosen], at) % self.length]
            product *= np.prod(1.0 + pd[chosen, None] * (turned - 1.0), axis=0)
            alive = np.abs(product) > np.exp(_NOTHING)
            at, product = at[alive], product[alive]
        found[at] = product
        return found
