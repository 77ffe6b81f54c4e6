"""Our cohort matrix next to transitionMatrix's, of the same customers.

`uv run --with transitionMatrix python -m benchmarks.migration` prints the largest difference, and the
seconds of both. The library is not a dependency.
"""

from __future__ import annotations

import argparse
import datetime as dt
import time
import warnings
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from models.portfolio.grade_paths import DEFAULT_CODE, STATES, GradeChange, GradePaths
from models.portfolio.migration_matrices import cohort_matrix, duration_matrix
from models.portfolio.migration_report import months_after

if TYPE_CHECKING:
    from models.arrays import Floats, Ints

MONTHS = 12
FIRST = dt.date(2025, 9, 30)
STAYS = 0.93


def simulated_states(customers: int, seed: int) -> Ints:
    """Draw the state of each customer at each month end, `(customers, MONTHS + 1)`; default absorbs."""
    draws = np.random.default_rng(seed)
    states = np.empty((customers, MONTHS + 1), dtype=np.int64)
    states[:, 0] = draws.integers(0, DEFAULT_CODE, customers)
    for month in range(1, MONTHS + 1):
        before = states[:, month - 1]
        step = draws.choice((-1, 1), customers) * (draws.random(customers) > STAYS)
        moved = np.clip(before + step, 0, DEFAULT_CODE)
        states[:, month] = np.where(before == DEFAULT_CODE, DEFAULT_CODE, moved)
    return states


def our_matrices(states: Ints) -> tuple[Floats, Floats]:
    """Return the shares by cohorts of a month and by durations."""
    days = [months_after(FIRST, month) for month in range(MONTHS + 1)]
    changes = [
        GradeChange(str(who), day, STATES[state])
        for who, row in enumerate(states.tolist())
        for day, state, before in zip(days, row, (None, *row), strict=False)
        if state != before
    ]
    paths = GradePaths.of([], changes, days[0], days[-1])
    periods = [(a.toordinal(), b.toordinal()) for a, b in pairwise(days)]
    return cohort_matrix(paths, periods).shares, duration_matrix(paths, 1 / 12).shares


def their_matrix(states: Ints) -> Floats:
    """Return transitionMatrix's average cohort matrix."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from transitionMatrix.estimators.cohort_estimator import CohortEstimator
        from transitionMatrix.statespaces.statespace import StateSpace

    customers, times = states.shape
    frame = pd.DataFrame(
        {
            "ID": np.repeat(np.arange(customers), times),
            "Time": np.tile(np.arange(times), customers),
            "State": states.ravel(),
        }
    )
    space = StateSpace([(str(code), name) for code, name in enumerate(STATES)])
    bounds = list(range(times))
    estimator = CohortEstimator(states=space, cohort_bounds=bounds, ci={"method": "goodman", "alpha": 0.05})
    estimator.fit(frame)
    return np.asarray(estimator.get_average())


def main() -> None:
    """Print the comparison."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--customers", type=int, default=5_000)
    asked.add_argument("--seed", type=int, default=7)
    options = asked.parse_args()
    states = simulated_states(options.customers, options.seed)
    began = time.perf_counter()
    cohort, duration = our_matrices(states)
    ours_s = time.perf_counter() - began
    began = time.perf_counter()
    theirs = their_matrix(states)
    theirs_s = time.perf_counter() - began
    print(f"{options.customers:,} customers, {MONTHS} cohorts of a month")
    print(f"largest difference of a cell: {np.abs(cohort - theirs).max():.2e}")
    print(f"ours {ours_s:.2f} s, with durations; transitionMatrix {theirs_s:.2f} s with its import")
    print(f"by durations instead: largest difference {np.abs(duration - cohort).max():.4f}")


if __name__ == "__main__":
    main()
