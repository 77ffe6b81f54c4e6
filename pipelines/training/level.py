"""Level of default of a ledger, between published rates and its own outcomes.

A Bayesian estimate, as Tasche (2013) proposes for portfolios with few defaults; the prior is not flat but
normal, in log-odds, around the published level. The map is that of `models.learning.calibration`: a slope
around 1, a level around the published one, and an offset by length of history around 0. Without defaults the
result is close to the prior, slightly lower for every customer without default.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.learning.calibration import HISTORIES, Calibration, length_of_history

if TYPE_CHECKING:
    from models.arrays import Floats, Ints
    from models.published.default_statistics import Uncertainty

YEAR_ROWS = 12.0
"""Assumed rows per default where none was observed: the month starts of a year."""
_STEPS = 100
_TOLERANCE = 1e-9


def failing(label: Floats, owner: Ints) -> int:
    """Return the number of defaulted customers.

    Examples
    --------
    >>> failing(np.array([1.0, 1.0, 0.0, 1.0]), np.array([5, 5, 5, 2]))
    2
    """
    return len(np.unique(owner[label == 1]))


def row_weight(label: Floats, owner: Ints) -> float:
    """Return the weight of one row: all rows of one customer's default count as one default.

    Examples
    --------
    >>> row_weight(np.array([1.0, 1.0, 0.0]), np.array([5, 5, 2]))
    0.5
    """
    failed = failing(label, owner)
    if failed:
        return failed / float(label.sum())
    return 1.0 / min(YEAR_ROWS, max(len(label) / max(len(np.unique(owner)), 1), 1.0))


def fit_level(
    margin: Floats, label: Floats, paid: Floats, owner: Ints, uncertainty: Uncertainty
) -> Calibration:
    """Fit the map at its posterior mode, with the posterior's covariance (Laplace).

    Parameters
    ----------
    margin, label
        Log-odds before the map, and 0 or 1, shape `(n,)`; without rows the result is the prior.
    paid, owner
        Number of paid invoices, and the row's customer, shape `(n,)`.

    Returns
    -------
    A calibration whose slope is above 0.
    """
    centre = float(margin.mean()) if len(margin) else 0.0
    spread = np.array([uncertainty.slope, uncertainty.level, *uncertainty.history])
    design = np.zeros((len(margin), 2 + len(HISTORIES)))
    design[:, 0], design[:, 1] = margin - centre, 1.0
    design[np.arange(len(margin)), 2 + length_of_history(paid)] = 1.0
    prior = np.array([1.0, centre, *[0.0] * len(HISTORIES)])
    weight = row_weight(label, owner) if len(label) else 1.0
    found, information = _posterior(design, label, weight, prior, spread**-2)
    slope = max(float(found[0]), uncertainty.slope)
    # Transform from the centred margin to the margin itself.
    turn = np.eye(len(found))
    turn[1, 0] = -centre
    covariance = turn @ np.linalg.inv(information) @ turn.T
    return Calibration(
        slope,
        float(found[1]) - slope * centre,
        tuple(map(float, found[2:])),
        tuple(tuple(map(float, row)) for row in (covariance + covariance.T) / 2),
    )


def _posterior(
    design: Floats, label: Floats, weight: float, prior: Floats, precision: Floats
) -> tuple[Floats, Floats]:
    """Return the posterior mode and the information matrix, by damped Newton steps."""

    def loss(found: Floats) -> float:
        score = design @ found
        fit = float(np.sum(np.logaddexp(0.0, score) - label * score))
        return weight * fit + 0.5 * float(precision @ (found - prior) ** 2)

    found, best = prior, loss(prior)
    for _ in range(_STEPS):
        chance = np.exp(-np.logaddexp(0.0, -(design @ found)))
        information = weight * (design.T * (chance * (1 - chance))) @ design + np.diag(precision)
        slope = weight * design.T @ (label - chance) - precision * (found - prior)
        step = np.linalg.solve(information, slope)
        while (after := loss(found + step)) > best + _TOLERANCE:
            step = step / 2
        found = found + step
        if best - after < _TOLERANCE * (1 + abs(best)):
            break
        best = after
    chance = np.exp(-np.logaddexp(0.0, -(design @ found)))
    information = weight * (design.T * (chance * (1 - chance))) @ design + np.diag(precision)
    return found, information
