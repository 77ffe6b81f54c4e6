"""How good answers are before their outcomes are known, from the probabilities alone.

Confidence-based performance estimation (Kivimäki, Białek, Kuberski and Nurminen 2025, "Performance Estimation
in Binary Classification Using Calibrated Confidence"): where probabilities are calibrated, each is the chance
of its own outcome, and so any measure has an expected value. It sees that questions have become harder or
riskier. It assumes that the probabilities still hold: where customers of the same features have come to pay
differently (concept drift), only outcomes tell, which is `realised`'s business.
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
    """What is expected of probabilities if they are calibrated.

    Parameters
    ----------
    bad_share, brier, log_loss
        Expected share of bad outcomes, Brier score and log loss.
    auc
        Expected AUC, None where no two questions could have different outcomes.
    """

    rows: int
    bad_share: float
    brier: float
    log_loss: float
    auc: float | None


@dataclass(frozen=True, slots=True)
class Expected:
    """The test period as it turned out and as it was expected, beside what is expected now.

    Parameters
    ----------
    moment
        `all`; for late payment also `at_issue` and `open`, the moments of asking.
    bad_share, brier, auc
        As they turned out on the test period; the AUC is None where fewer than the cases asked for had
        either outcome.
    auc_low, auc_high
        Its 95 % interval, customers drawn again.
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
        """Return the least expected AUC within the test period's interval, None where it has none.

        What the expectation was off by on the test period is taken to be off again.
        """
        if self.auc is None or self.auc_low is None or self.test.auc is None:
            return None
        return self.auc_low + self.test.auc - self.auc


def expectations(
    test: TrainingRows, answered: Floats, now: TrainingRows, probability: Floats, params: MonitorParams
) -> tuple[Expected, ...]:
    """Put what is expected now beside the test period, over all questions and by moment of asking.

    Parameters
    ----------
    test, answered
        The test period's rows and the answers on them, shape `(n,)`.
    now, probability
        The newest questions and the answers on them, shape `(m,)`.
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
    """Measure probabilities by what they say of themselves.

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
    """Return the AUC to be expected of calibrated probabilities.

    Of two questions i and j the one is bad and the other good with chance p_i (1 - p_j); the AUC is the share
    of such pairs in which the bad one has the higher probability, ties counting half (Mann and Whitney 1947).
    No question is paired with itself. It is the ratio of the expected counts, which for more than a few
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
