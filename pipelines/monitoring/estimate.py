"""Estimated model performance before outcomes are known, from the probabilities alone.

Confidence-based performance estimation (Kivimäki, Białek, Kuberski and Nurminen 2025, "Performance Estimation
in Binary Classification Using Calibrated Confidence"): a calibrated probability is that of its own outcome,
so any measure has an expected value. It detects that rows have become harder or riskier. It assumes that the
calibration still holds: a changed behaviour at equal features (concept drift) shows only in outcomes, see
`realised`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipelines.training.bootstrap import Draws, interval
from pipelines.training.metrics import measure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.arrays import Floats
    from models.learning.rows import TrainingRows
    from pipelines.training.params import MonitorParams

EVERY, AT_ISSUE, OPEN = "all", "at_issue", "open"


@dataclass(frozen=True, slots=True)
class ExpectedPerformance:
    """Expected performance of probabilities, assuming calibration.

    Parameters
    ----------
    bad_share, brier, log_loss
        Expected share of bad outcomes, Brier score and log loss.
    auc
        Expected AUC, None where no two rows could have different outcomes.
    """

    rows: int
    bad_share: float
    brier: float
    log_loss: float
    auc: float | None


@dataclass(frozen=True, slots=True)
class Expected:
    """Measured and expected performance on the test period, with the current expected performance.

    Parameters
    ----------
    moment
        `all`; for late payment also `at_issue` and `open`, the moments of scoring.
    bad_share, brier, auc
        Measured on the test period; the AUC is None where either outcome has fewer than the required cases.
    auc_low, auc_high
        Its 95 % interval, by bootstrap over customers.
    """

    moment: str
    rows: int
    bad_share: float
    brier: float
    auc: float | None
    auc_low: float | None
    auc_high: float | None
    test: ExpectedPerformance
    now: ExpectedPerformance

    @property
    def auc_floor(self) -> float | None:
        """Return the expected AUC at the lower end of the test period's interval, None without one.

        Corrected by the error of the expectation on the test period.
        """
        if self.auc is None or self.auc_low is None or self.test.auc is None:
            return None
        return self.auc_low + self.test.auc - self.auc


def expectations(
    test: TrainingRows, answered: Floats, now: TrainingRows, probability: Floats, params: MonitorParams
) -> tuple[Expected, ...]:
    """Compare current expectations with the test period, over all rows and by moment of scoring.

    Parameters
    ----------
    test, answered
        The test period's rows and their predictions, shape `(n,)`.
    now, probability
        The newest rows and their predictions, shape `(m,)`.
    """
    return tuple(_expectations(test, answered, now, probability, params))


def _expectations(
    test: TrainingRows, answered: Floats, now: TrainingRows, probability: Floats, params: MonitorParams
) -> Iterator[Expected]:
    yield _expected(EVERY, test, answered, probability, params)
    if "invoice_age_days" not in test.frame:
        return
    then, today = (rows.frame["invoice_age_days"].to_numpy() > 0 for rows in (test, now))
    for moment, before, here in ((AT_ISSUE, ~then, ~today), (OPEN, then, today)):
        if before.any() and here.any():
            yield _expected(moment, test.take(before), answered[before], probability[here], params)


def _expected(
    moment: str, test: TrainingRows, answered: Floats, probability: Floats, params: MonitorParams
) -> Expected:
    figures, bad = measure(test.label, answered), test.label.sum()
    auc = figures["auc"] if min(bad, len(test) - bad) >= params.cases else None
    low = high = None
    if auc is not None:
        low, high = interval(Draws.of(test.owner, params.draws, params.seed).aucs(test.label, answered))
    return Expected(
        moment,
        len(test),
        figures["bad_share"],
        figures["brier"],
        auc,
        low,
        high,
        estimate(answered),
        estimate(probability),
    )


def estimate(probability: Floats) -> ExpectedPerformance:
    """Return the expected performance of probabilities.

    Parameters
    ----------
    probability
        Calibrated, in [0, 1], shape `(n,)`, at least one.

    Examples
    --------
    >>> estimate(np.array([0.0, 1.0])).auc
    1.0
    >>> round(estimate(np.array([0.2, 0.2])).brier, 2)
    0.16
    """
    clipped = np.clip(probability, 1e-9, 1 - 1e-9)
    losses = -(probability * np.log(clipped) + (1 - probability) * np.log1p(-clipped))
    return ExpectedPerformance(
        len(probability),
        float(probability.mean()),
        float(np.mean(probability * (1 - probability))),
        float(losses.mean()),
        expected_auc(probability),
    )


def expected_auc(probability: Floats) -> float | None:
    """Return the expected AUC of calibrated probabilities.

    Of two rows i and j, the first is bad and the second good with probability p_i (1 - p_j); the AUC is the
    share of such pairs in which the bad one has the higher probability, ties counting half (Mann and Whitney
    1947). No row is paired with itself. It is the ratio of the expected counts, which for more than a few
    dozen outcomes is the expected ratio.

    Parameters
    ----------
    probability
        In [0, 1], shape `(n,)`.

    Returns
    -------
    In [0.5, 1], or None where there is no pair.

    Examples
    --------
    >>> expected_auc(np.array([0.25, 0.25, 0.25]))
    0.5
    """
    _, place = np.unique(probability, return_inverse=True)
    bad = np.bincount(place, probability)
    good = np.bincount(place, 1 - probability)
    with_itself = float(np.sum(probability * (1 - probability)))
    pairs = float(bad.sum() * good.sum()) - with_itself
    if pairs <= 0:
        return None
    below = np.cumsum(good) - good
    won = float(np.sum(bad * (below + 0.5 * good))) - 0.5 * with_itself
    return won / pairs
