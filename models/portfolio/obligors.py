"""Obligors: independent risks once the factor that they share is known.

Owns what the loss distribution needs of each, and the grouping of those too small to count one by one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.errors import CreditError
from models.portfolio.vasicek import conditional_pd

if TYPE_CHECKING:
    from models.arrays import Floats, Ints

_SCORE, _CORRELATION = 0.02, 0.01
"""Widths within which obligors are alike: of their probability's normal score, and of their correlation."""


@dataclass(frozen=True, slots=True, eq=False)
class Obligors:
    """Independent risks once the factor is known.

    Parameters
    ----------
    pd
        Probability of default within the year, shape `(n,)`, in [0, 1].
    loss_eur
        Loss if it defaults, shape `(n,)`, at least 0.
    correlation
        Asset correlation, shape `(n,)`, in [0, 1).
    """

    pd: Floats
    loss_eur: Floats
    correlation: Floats

    def __post_init__(self) -> None:
        """Check the figures.

        Raises
        ------
        CreditError
            Shapes differ, or a figure is outside its range.
        """
        if not self.pd.shape == self.loss_eur.shape == self.correlation.shape:
            raise CreditError("obligors need one probability, one loss and one correlation each")
        bounds = (("pd", self.pd, 1.0), ("loss_eur", self.loss_eur, math.inf))
        for name, values, most in (*bounds, ("correlation", self.correlation, 0.9999)):
            if not bool(np.all((values >= 0.0) & (values <= most) & np.isfinite(values))):
                raise CreditError(f"{name} of an obligor is outside [0, {most}]")

    def given(self, factor: float) -> Floats:
        """Return the probabilities of default given the factor."""
        return conditional_pd(self.pd, self.correlation, factor)

    def chosen(self, at: Ints) -> Obligors:
        """Return some of them, by position."""
        return Obligors(self.pd[at], self.loss_eur[at], self.correlation[at])


def alike(obligors: Obligors) -> tuple[Obligors, Ints]:
    """Group obligors of nearly the same probability and correlation.

    Returns
    -------
        The groups: the loss of each is the sum of its obligors', its probability and its correlation are
        their means by loss, so that the expected loss is kept. And the group of each obligor, shape `(n,)`.
    """
    from scipy.special import ndtri  # noqa: PLC0415  # costs a tenth of a second at import

    score = np.round(np.clip(ndtri(obligors.pd), -40.0, 40.0) / _SCORE)
    key = score * 1000.0 + np.round(obligors.correlation / _CORRELATION)
    _, group = np.unique(key, return_inverse=True)
    loss = np.asarray(np.bincount(group, obligors.loss_eur), np.float64)
    weight = np.maximum(loss, 1e-300)
    pd = np.bincount(group, obligors.loss_eur * obligors.pd) / weight
    correlation = np.bincount(group, obligors.loss_eur * obligors.correlation) / weight
    return Obligors(np.clip(pd, 0.0, 1.0), loss, np.clip(correlation, 0.0, 0.9999)), group
