"""Error of predicted days late, and coverage of the interval from P10 to P90.

The median is compared with the customer's habit on similar invoices (`alike_median`), on the same rows, where
the habit is known, and the same draws of customers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.learning.days_late import MEDIAN, SHARES
from pipelines.training.bootstrap import Draws, interval
from pipelines.training.findings.discrimination import DRAWS, MeasuredFigure
from pipelines.training.findings.groups import Here, groups

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from models.arrays import Floats
    from models.learning.rows import TrainingRows

MEANT = SHARES[-1] - SHARES[0]
"""Nominal coverage of the interval from P10 to P90."""
HABIT = "alike_median"
MIN_ROWS = 50
CUTS = ("asked", "history")
"""Groupings by which coverage is reported, as in `groups`."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Coverage of P10 to P90 in a group, with the shares `below` and `above`."""

    cut: str
    value: str
    rows: int
    covered: MeasuredFigure
    below: float
    above: float


@dataclass(frozen=True, slots=True)
class DaysLate:
    """Accuracy of predicted days late.

    Parameters
    ----------
    error, habit_error
        Mean absolute error of the median and of the customer's habit, in days, on `compared` rows.
    saved
        The latter less the former.
    coverage
        Over all rows first, then by group.
    """

    rows: int
    compared: int
    error: MeasuredFigure
    habit_error: MeasuredFigure
    saved: MeasuredFigure
    coverage: tuple[Coverage, ...]


def answers_in_days(answers: Mapping[str, Floats]) -> Floats | None:
    """Return P10, P50 and P90 of the predictions stored with rows, `(n, 3)`; None if absent."""
    named = [f"days_late_p{round(share * 100)}" for share in SHARES]
    if not all(name in answers for name in named):
        return None
    return np.stack([answers[name] for name in named], axis=1)


def days_late(rows: TrainingRows, quantiles: Floats, seed: int) -> DaysLate | None:
    """Measure P10, P50 and P90 on rows with known days late; None where these are too few.

    Parameters
    ----------
    quantiles
        Predicted days late, shape `(n, 3)`.
    """
    decided = ~np.isnan(rows.days_late)
    rows, quantiles = rows.take(decided), quantiles[decided]
    habit = rows.frame[HABIT].to_numpy(np.float64)
    known = ~np.isnan(habit)
    if known.sum() < MIN_ROWS:
        return None
    truth, median = rows.days_late[known], quantiles[known, SHARES.index(MEDIAN)]
    off, usual = np.abs(truth - median), np.abs(truth - habit[known])
    draws = Draws.of(rows.owner[known], DRAWS, seed)
    error, habit_error, saved = (_mean(values, draws) for values in (off, usual, usual - off))
    everybody = np.ones(len(rows), dtype=bool)
    asked = [Here("all", "all", everybody), *(here for here in groups(rows) if here.cut in CUTS)]
    coverage = [
        _coverage(cut, value, rows.take(here), quantiles[here], seed)
        for cut, value, here in asked
        if here.sum() >= MIN_ROWS
    ]
    return DaysLate(len(rows), int(known.sum()), error, habit_error, saved, tuple(coverage))


def _coverage(cut: str, value: str, rows: TrainingRows, quantiles: Floats, seed: int) -> Coverage:
    below, above = rows.days_late < quantiles[:, 0], rows.days_late > quantiles[:, -1]
    inside: NDArray[np.bool_] = ~below & ~above
    covered = _mean(inside.astype(np.float64), Draws.of(rows.owner, DRAWS, seed))
    return Coverage(cut, value, len(rows), covered, float(below.mean()), float(above.mean()))


def _mean(values: Floats, draws: Draws) -> MeasuredFigure:
    return MeasuredFigure(float(values.mean()), *interval(draws.means(values)))
