"""Migration matrices over many nights: the cohort and the duration estimator, with 95 % intervals.

Owns the formulas. Default absorbs: a customer that leaves default counts anew from then on. A withdrawn
customer counts up to its last night in the duration estimator, and not at all in a cohort that it leaves.

References
----------
Lando and Skødeberg (2002), "Analyzing rating transitions and rating drift with continuous observations";
Christensen, Hansen and Lando (2004), "Confidence sets for continuous-time rating transition probabilities".
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from models.errors import CreditError
from models.portfolio.grade_paths import DEFAULT_CODE, STATES
from models.portfolio.intervals import LEVEL, wilson_interval

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from models.arrays import Floats, Ints
    from models.portfolio.grade_paths import GradePaths

YEAR_DAYS: Final = 365.25
REPLICATES: Final = 200
SEED: Final = 20_020_301
_COUNT: Final = len(STATES)
_CELLS: Final = _COUNT * _COUNT


@dataclass(frozen=True, slots=True, eq=False)
class MigrationMatrix:
    """Probabilities of moving from one state to another within a horizon.

    Parameters
    ----------
    shares, low, high
        Probabilities and the ends of their 95 % intervals, by state before and after, each `(6, 6)`; NaN in
        the rows of states that no customer had.
    counts
        Customers by state before and after for cohorts, moves for durations, `(6, 6)`.
    observed
        Customers at the beginning of the periods, or customer-years, by state, `(6,)`.
    withdrawn
        Customers that left the portfolio from each state, `(6,)`.
    """

    shares: Floats
    low: Floats
    high: Floats
    counts: Ints
    observed: Floats
    withdrawn: Ints

    def document(self) -> dict[str, Any]:
        """Return the rows of all states as plain JSON values, None where a probability is unknown."""
        return {
            name: {
                "observed": float(self.observed[row]),
                "withdrawn": int(self.withdrawn[row]),
                "to": {to: self._cell(row, column) for column, to in enumerate(STATES)},
            }
            for row, name in enumerate(STATES)
        }

    def _cell(self, row: int, column: int) -> dict[str, Any]:
        place = (row, column)
        figures = {"share": self.shares[place], "low": self.low[place], "high": self.high[place]}
        known = {name: None if math.isnan(value) else float(value) for name, value in figures.items()}
        return {**known, "count": int(self.counts[place])}


def cohort_matrix(paths: GradePaths, periods: Sequence[tuple[int, int]], steps: int = 1) -> MigrationMatrix:
    """Estimate a matrix from the states at both ends of periods of equal length.

    Parameters
    ----------
    periods
        First and last day of each, as ordinals.
    steps
        Number of periods in the horizon: the matrix of one period is raised to it, as if the next move
        depended on the state alone. Intervals are Wilson's for one step, else of a bootstrap over customers.

    Raises
    ------
    CreditError
        There is no period, or the number of steps is below 1.
    """
    if not periods or steps < 1:
        raise CreditError(f"cohorts need a period and a step; got {len(periods)} periods and {steps} steps")
    found, withdrawn = _cohort_cells(paths, periods)
    counts = found.totals(paths.customers)

    def matrix(cells: Floats) -> Floats:
        return np.linalg.matrix_power(_cohort_shares(cells.reshape(_COUNT, _COUNT)), steps)

    shares = matrix(counts)
    by_state = counts.reshape(_COUNT, _COUNT)
    started = by_state.sum(axis=1)
    low, high = (
        wilson_interval(by_state, started[:, None])
        if steps == 1
        else _bootstrap(found, paths.customers, matrix)
    )
    return _arranged((shares, low, high), by_state, started, withdrawn)


def duration_matrix(paths: GradePaths, years: float) -> MigrationMatrix:
    """Estimate a matrix from the time that customers spent in each state and their moves.

    The generator has the moves per customer-year; the matrix is its exponential (`transition_matrix`).
    Intervals are of a bootstrap over customers.

    Parameters
    ----------
    years
        The horizon.
    """
    found = _duration_cells(paths)
    totals = found.totals(paths.customers)

    def matrix(cells: Floats) -> Floats:
        return transition_matrix(generator(cells[:_CELLS].reshape(_COUNT, _COUNT), cells[_CELLS:]), years)

    low, high = _bootstrap(found, paths.customers, matrix)
    left = (paths.state < DEFAULT_CODE) & (paths.following == _COUNT)
    withdrawn = _by_state(paths.state[left], paths.customers[paths.path[left]])
    moves, at_risk = totals[:_CELLS].reshape(_COUNT, _COUNT), totals[_CELLS:]
    return _arranged((matrix(totals), low, high), moves, at_risk, withdrawn)


def generator(moves: Floats, years: Floats) -> Floats:
    """Return the intensities of moves: counts per customer-year, on the diagonal less the row's sum.

    Parameters
    ----------
    moves
        By state before and after, `(n, n)`; the diagonal is ignored.
    years
        Customer-years in each state, `(n,)`; a state without any keeps its customers.
    """
    rates: Floats = np.where(years[:, None] > 0, moves / np.where(years > 0, years, 1.0)[:, None], 0.0)
    np.fill_diagonal(rates, 0.0)
    np.fill_diagonal(rates, -rates.sum(axis=1))
    return rates


def transition_matrix(intensities: Floats, years: float) -> Floats:
    """Return exp(Q t) of a generator, whose cells are never below 0 and whose rows sum to 1.

    By uniformisation (Jensen 1953): of the steps of a Poisson process faster than any move, halved until one
    step is expected, and squared as often.

    Raises
    ------
    CreditError
        The time is below 0 or not finite.

    Examples
    --------
    A single grade with 2 % of defaults a year keeps exp(-0.02) of its customers.

    >>> transition_matrix(np.array([[-0.02, 0.02], [0.0, 0.0]]), 1.0).round(6).tolist()
    [[0.980199, 0.019801], [0.0, 1.0]]
    """
    if not 0 <= years < math.inf:
        raise CreditError(f"a horizon is {years!r} years; give a finite number from 0")
    fastest = float(-np.diagonal(intensities).min()) or 1.0
    halvings = max(0, math.ceil(math.log2(max(fastest * years, 1e-300))))
    rate = fastest * years / 2**halvings
    step = np.eye(len(intensities)) + intensities / fastest
    term = np.eye(len(intensities)) * math.exp(-rate)
    matrix = term.copy()
    for count in range(1, _TERMS):
        term = term @ step * (rate / count)
        matrix += term
    for _ in range(halvings):
        matrix = matrix @ matrix
    scaled: Floats = matrix / matrix.sum(axis=1, keepdims=True)
    return scaled


_TERMS: Final = 20
"""The terms left out of the exponential of at most 1 sum to less than 1e-18."""


@dataclass(frozen=True, slots=True, eq=False)
class _CellSums:
    """What each path adds to the cells that a matrix follows from, one entry per addition."""

    path: Ints
    cell: Ints
    value: Floats
    size: int

    def totals(self, customers: Ints) -> Floats:
        """Sum up the cells, each path as often as it has customers."""
        weights = customers[self.path] * self.value
        return np.bincount(self.cell, weights, minlength=self.size).astype(np.float64)


def _cohort_cells(paths: GradePaths, periods: Sequence[tuple[int, int]]) -> tuple[_CellSums, Ints]:
    path, cell, withdrawn = [], [], np.zeros(_COUNT, dtype=np.int64)
    for first, last in periods:
        before = paths.on(first)
        after = np.where(paths.defaulted(first, last), DEFAULT_CODE, paths.on(last))
        rated = (before >= 0) & (before < DEFAULT_CODE)
        gone = rated & (after == _COUNT)
        withdrawn += _by_state(before[gone], paths.customers[gone])
        stayed = np.flatnonzero(rated & (after < _COUNT))
        path.append(stayed)
        cell.append(before[stayed] * _COUNT + after[stayed])
    paths_of, cells = np.concatenate(path), np.concatenate(cell)
    return _CellSums(paths_of, cells, np.ones(len(cells)), _CELLS), withdrawn


def _duration_cells(paths: GradePaths) -> _CellSums:
    rated = paths.state < DEFAULT_CODE
    moved = rated & (paths.following >= 0) & (paths.following < _COUNT)
    time = (paths.end[rated] - paths.begin[rated]) / YEAR_DAYS
    return _CellSums(
        np.concatenate((paths.path[moved], paths.path[rated])),
        np.concatenate((paths.state[moved] * _COUNT + paths.following[moved], _CELLS + paths.state[rated])),
        np.concatenate((np.ones(int(moved.sum())), time)),
        _CELLS + _COUNT,
    )


def _cohort_shares(counts: Floats) -> Floats:
    started = counts.sum(axis=1, keepdims=True)
    return np.where(started > 0, counts / np.where(started > 0, started, 1.0), np.eye(_COUNT))


def _bootstrap(sums: _CellSums, customers: Ints, matrix: Callable[[Floats], Floats]) -> tuple[Floats, Floats]:
    """Return the ends of the 95 % intervals of a matrix's cells, by a Poisson bootstrap over customers.

    Customers with one path are drawn together: the sum of their Poisson weights is Poisson (Hanley and
    MacGibbon 2006).
    """
    draws = np.random.default_rng(SEED)
    found = [matrix(sums.totals(draws.poisson(customers))) for _ in range(REPLICATES)]
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(np.stack(found), (tail, 1 - tail), axis=0)
    return low, high


def _by_state(state: Ints, customers: Ints) -> Ints:
    return np.bincount(state, customers, minlength=_COUNT).astype(np.int64)


def _arranged(
    figures: tuple[Floats, Floats, Floats], counts: Floats, observed: Floats, withdrawn: Ints
) -> MigrationMatrix:
    """Return a matrix whose states without observation are unknown; default keeps its customers."""
    shares, low, high = (np.where(observed[:, None] > 0, values, np.nan) for values in figures)
    for values in (shares, low, high):
        values[DEFAULT_CODE] = np.eye(_COUNT)[DEFAULT_CODE]
    return MigrationMatrix(shares, low, high, counts.round().astype(np.int64), observed, withdrawn)
