"""Realised outcomes of the champion's predictions, month by month.

Owns the comparison of predicted with realised; `questions` selects the rows. A customer's outcomes are
dependent, as twelve snapshots of one default are one event: intervals use the effective number of independent
outcomes (design effect, Kish 1965).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipelines.training.bootstrap import Draws, interval
from pipelines.training.confidence import design_effect, wilson
from pipelines.training.gate import calibration_noise
from pipelines.training.metrics import measure

if TYPE_CHECKING:
    import datetime as dt

    from models.arrays import Floats
    from models.learning.rows import TrainingRows
    from pipelines.training.params import MonitorParams


@dataclass(frozen=True, slots=True)
class Cohort:
    """Rows of one month, or of all, with known outcomes.

    Parameters
    ----------
    month
        Its first day, None for all months together.
    predicted, realised
        Mean probability and share of bad outcomes.
    low, high
        Wilson's 95 % interval of the realised share, at the effective number of outcomes.
    auc
        None where either outcome has fewer than the required cases.
    calibration_error, calibration_noise
        Calibration error over ten bins, and the error expected by chance alone.
    """

    month: dt.date | None
    rows: int
    customers: int
    bad: int
    predicted: float
    realised: float
    low: float
    high: float
    auc: float | None
    brier: float
    calibration_error: float
    calibration_noise: float

    def side(self, gap_share: float) -> int:
        """Return 1 for overprediction, -1 for underprediction, 0 where neither is significant.

        Parameters
        ----------
        gap_share
            Largest tolerated gap, as a share of the realised share, however significant.
        """
        if abs(self.gap) <= gap_share * self.realised:
            return 0
        return int(self.predicted > self.high) - int(self.predicted < self.low)

    @property
    def gap(self) -> float:
        """Return predicted less realised."""
        return self.predicted - self.realised

    def borne(self, gap_share: float) -> float:
        """Return the largest tolerated gap, on the side of this one."""
        by_chance = self.high - self.realised if self.gap > 0 else self.realised - self.low
        return max(by_chance, gap_share * self.realised)


@dataclass(frozen=True, slots=True)
class Realised:
    """Predicted and realised shares: over all rows, and by month of scoring.

    Parameters
    ----------
    auc_low, auc_high
        The 95 % interval of the AUC over all, by bootstrap over customers; None without an AUC.
    """

    whole: Cohort
    months: tuple[Cohort, ...]
    auc_low: float | None
    auc_high: float | None

    def in_a_row(self, gap_share: float) -> int:
        """Return the longest run of months with gaps on the same side."""
        sides = itertools.groupby(month.side(gap_share) for month in self.months)
        return max((len(list(run)) for side, run in sides if side), default=0)


def compare(rows: TrainingRows, probability: Floats, params: MonitorParams) -> Realised | None:
    """Compare probabilities with outcomes.

    Parameters
    ----------
    rows
        With known labels only.
    probability
        The predictions on them, shape `(n,)`.

    Returns
    -------
    None without rows: no outcome is known yet.
    """
    if not len(rows):
        return None
    whole = _cohort(None, rows, probability, params.cases)
    month = rows.day.astype("datetime64[D]").astype("datetime64[M]")
    months = []
    for one in np.unique(month):
        here = month == one
        first: dt.date = one.astype("datetime64[D]").item()
        months.append(_cohort(first, rows.take(here), probability[here], params.cases))
    low = high = None
    if whole.auc is not None:
        low, high = interval(Draws.of(rows.owner, params.draws, params.seed).aucs(rows.label, probability))
    return Realised(whole, tuple(months), low, high)


def _cohort(month: dt.date | None, rows: TrainingRows, probability: Floats, cases: int) -> Cohort:
    label, bad = rows.label, int(rows.label.sum())
    figures = measure(label, probability)
    customers = len(np.unique(rows.owner))
    low, high = wilson(bad / len(rows), len(rows) / design_effect(label - probability, rows.owner))
    return Cohort(
        month,
        len(rows),
        customers,
        bad,
        figures["mean_probability"],
        figures["bad_share"],
        low,
        high,
        figures["auc"] if min(bad, len(rows) - bad) >= cases else None,
        figures["brier"],
        figures["calibration_error"],
        calibration_noise(label, probability, rows.owner),
    )
