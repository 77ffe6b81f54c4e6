"""The true probability of default within twelve months, given the hidden state.

Owns the computation of the probability from the dynamics in `health`: a table over the deviation y, the level
a and the sensitivity, solved by backward induction over months, without random draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipelines.demo.simulator.health import (
    CYCLE_SD,
    DEFAULT_SHARE,
    LAG_SHARES,
    LAGS,
    OWN_SD,
    PERSISTENCE,
    SENSITIVITIES,
    SHOCK_SHARE,
    SHOCK_SIZE,
    onset_hazard,
)

if TYPE_CHECKING:
    from pipelines.demo.simulator.timeline import Floats, Ints

LEVELS = np.linspace(-3.2, 3.2, 33)
DEVIATIONS = np.linspace(-6.0, 4.5, 211)
HORIZON = 12


@dataclass(frozen=True, slots=True)
class DefaultOdds:
    """True probabilities of default on a grid.

    Parameters
    ----------
    table
        Probability within 12 months by months since the onset of distress (0: none), sensitivity, level and
        deviation; shape (1 + max lag, n_sensitivities, n_levels, n_deviations).
    """

    table: Floats

    def pd_12m(self, age: Ints, sensitivity: Ints, level: Floats, deviation: Floats) -> Floats:
        """Interpolate the logit of the probability between grid points; arrays of equal shape."""
        logits = np.log(self.table / (1 - self.table))
        row, right = _between(LEVELS, level)
        column, up = _between(DEVIATIONS, deviation)
        low = (1 - up) * logits[age, sensitivity, row, column] + up * logits[
            age, sensitivity, row, column + 1
        ]
        high = (1 - up) * logits[age, sensitivity, row + 1, column]
        high += up * logits[age, sensitivity, row + 1, column + 1]
        return np.asarray(1 / (1 + np.exp(-((1 - right) * low + right * high))))


def default_odds() -> DefaultOdds:
    """Compute the table by backward induction.

    With V(n) the probability of default within n months of a company free of distress, g the hazard of an
    onset, c the share of episodes that default and L the lag,

        V(n) = g Σ_L p(L) [c 1(L < n) + (1 - c) E V(n - L - 1)] + (1 - g) E V(n - 1).
    """
    moves = np.stack([_transition(float(s)) for s in SENSITIVITIES])
    hazard = onset_hazard(LEVELS[:, None] + DEVIATIONS[None, :])[None]
    shape = (len(SENSITIVITIES), len(LEVELS), len(DEVIATIONS))
    free = [np.zeros(shape)]
    for n in range(1, HORIZON + 1):
        fallen = np.zeros(shape)
        for lag, share in zip(LAGS, LAG_SHARES, strict=True):
            later = _expect(free[n - lag - 1], moves, lag + 1) if n > lag else np.zeros(shape)
            fallen += share * (DEFAULT_SHARE * (lag < n) + (1 - DEFAULT_SHARE) * later)
        free.append(hazard * fallen + (1 - hazard) * _expect(free[n - 1], moves, 1))
    table = [free[HORIZON]]
    for age in range(1, LAGS.max() + 1):
        still = LAG_SHARES * (age <= LAGS)
        fallen = np.full(shape, DEFAULT_SHARE)
        for lag, share in zip(LAGS, still / still.sum(), strict=True):
            if share > 0:
                left = lag - age + 1
                fallen += share * (1 - DEFAULT_SHARE) * _expect(free[HORIZON - left], moves, left)
        table.append(fallen)
    return DefaultOdds(np.clip(np.stack(table), 1e-9, 1 - 1e-9))


def _expect(values: Floats, moves: Floats, steps: int) -> Floats:
    for _ in range(steps):
        # Not a matrix product: BLAS threads stall on busy cores and may round differently elsewhere.
        values = np.einsum("sly,sxy->slx", values, moves, optimize=False)
    return values


def _transition(sensitivity: float) -> Floats:
    """Return the transition probabilities between grid deviations, shape (n, n)."""
    sd = np.sqrt((OWN_SD**2 + (sensitivity * CYCLE_SD) ** 2) * (1 - PERSISTENCE**2))
    nodes, weights = np.polynomial.hermite_e.hermegauss(15)
    move = np.zeros((len(DEVIATIONS), len(DEVIATIONS)))
    start = np.arange(len(DEVIATIONS))
    for shock, chance in ((0.0, 1 - SHOCK_SHARE), (SHOCK_SIZE, SHOCK_SHARE)):
        for node, weight in zip(nodes, weights / weights.sum(), strict=True):
            cell, up = _between(DEVIATIONS, PERSISTENCE * DEVIATIONS + sd * node - shock)
            np.add.at(move, (start, cell), chance * weight * (1 - up))
            np.add.at(move, (start, cell + 1), chance * weight * up)
    return move


def _between(grid: Floats, values: Floats) -> tuple[Ints, Floats]:
    place = np.clip((values - grid[0]) / (grid[1] - grid[0]), 0, len(grid) - 1 - 1e-9)
    cell = np.floor(place).astype(np.int64)
    return cell, place - cell
