"""Discrimination between outcomes, each figure with its sampling error.

Customers are resampled with all their rows (`bootstrap.Draws`); every figure is measured on the same draws.
Gini is twice the AUC less one; KS the largest distance between the cumulative distributions of both outcomes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipelines.training.bootstrap import Draws, interval
from pipelines.training.metrics import kolmogorov_smirnov, measure

if TYPE_CHECKING:
    from models.arrays import Floats

DRAWS = 400
CURVE_POINTS = 150
SCORE_BINS = 30
_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class MeasuredFigure:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Discrimination:
    """Discrimination of one set of predictions on the test period."""

    auc: MeasuredFigure
    gini: MeasuredFigure
    average_precision: MeasuredFigure
    ks: MeasuredFigure


@dataclass(frozen=True, slots=True)
class Curve:
    """Points of a curve in the unit square, each of shape `(n_points,)`."""

    x: tuple[float, ...]
    y: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ScoreDistribution:
    """Distribution of the probabilities of each outcome's rows, over bins of equal width.

    Parameters
    ----------
    edges
        Ends of the bins, from 0, of shape `(n_bins + 1,)`; the last bin holds everything above as well.
    good, bad
        Shares of the outcome's rows by bin, of shape `(n_bins,)`; each sums to 1.
    """

    edges: tuple[float, ...]
    good: tuple[float, ...]
    bad: tuple[float, ...]


def discriminate(label: Floats, probability: Floats, draws: Draws) -> Discrimination | None:
    """Measure AUC, Gini, average precision and KS; None if all rows have the same outcome.

    Parameters
    ----------
    label, probability
        0 or 1, and in [0, 1]; shape `(n,)`.
    draws
        Samples of the rows' customers.
    """
    figures = measure(label, probability)
    if "auc" not in figures:
        return None
    low, high = interval(draws.aucs(label, probability))
    precisions, distances = _drawn(label, probability, draws)
    return Discrimination(
        MeasuredFigure(figures["auc"], low, high),
        MeasuredFigure(2 * figures["auc"] - 1, 2 * low - 1, 2 * high - 1),
        MeasuredFigure(figures["average_precision"], *interval(precisions)),
        MeasuredFigure(kolmogorov_smirnov(label, probability), *interval(distances)),
    )


def auc_gained(label: Floats, ours: Floats, theirs: Floats, draws: Draws) -> MeasuredFigure | None:
    """Return the difference of two AUCs on the same rows; None if all rows have the same outcome."""
    before, after = measure(label, theirs), measure(label, ours)
    if "auc" not in before:
        return None
    drawn = draws.aucs(label, ours) - draws.aucs(label, theirs)
    return MeasuredFigure(after["auc"] - before["auc"], *interval(drawn))


def roc(label: Floats, probability: Floats) -> Curve | None:
    """Return false- and true-positive shares, thinned for plotting; None for a single outcome."""
    bad, good = _found(label, probability)
    if not bad[-1] or not good[-1]:
        return None
    return _thinned(np.append(0.0, good / good[-1]), np.append(0.0, bad / bad[-1]))


def precision_recall(label: Floats, probability: Floats) -> Curve | None:
    """Return recalls and precisions, thinned for plotting; None for a single outcome."""
    bad, good = _found(label, probability)
    if not bad[-1] or not good[-1]:
        return None
    return _thinned(bad / bad[-1], bad / (bad + good))


def score_distribution(label: Floats, probability: Floats) -> ScoreDistribution | None:
    """Return the distribution of probabilities by outcome; None for a single outcome."""
    if label.min(initial=1.0) == label.max(initial=0.0):
        return None
    edges = np.linspace(0.0, max(float(np.quantile(probability, 0.995)), 1e-6), SCORE_BINS + 1)
    clipped = np.minimum(probability, edges[-1])
    shares = (np.histogram(clipped[label == one], edges)[0] / np.sum(label == one) for one in (0, 1))
    good, bad = (tuple(share.round(5).tolist()) for share in shares)
    return ScoreDistribution(tuple(edges.round(8).tolist()), good, bad)


def _found(label: Floats, probability: Floats) -> tuple[Floats, Floats]:
    """Count bad and good rows cumulatively, from the highest distinct probability down."""
    order = np.argsort(-probability, kind="stable")
    bad, last = label[order], np.append(np.diff(probability[order]) < 0, True)  # an array's value
    found, passed = np.cumsum(bad)[last], np.cumsum(1 - bad)[last]
    return found, passed


def _thinned(x: Floats, y: Floats) -> Curve:
    keep = np.unique(np.linspace(0, len(x) - 1, min(CURVE_POINTS, len(x))).round().astype(int))
    return Curve(*(tuple(values[keep].round(5).tolist()) for values in (x, y)))


def _drawn(label: Floats, probability: Floats, draws: Draws) -> tuple[Floats, Floats]:
    """Return average precision and KS in each draw, NaN for a single outcome."""
    order = np.argsort(-probability, kind="stable")
    first = np.flatnonzero(np.diff(-probability[order], prepend=-np.inf) > 0)
    bad, customer = label[order], draws.customer[order]
    parts = [
        _of_weights(draws.counts[start : start + _AT_ONCE, customer].astype(np.float64), bad, first)
        for start in range(0, len(draws.counts), _AT_ONCE)
    ]
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])


def _of_weights(
    weight: Floats, bad: Floats, first: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> tuple[Floats, Floats]:
    """Measure weighted rows in descending order of probability; `first` starts each group of ties."""
    of_bad = np.add.reduceat(weight * bad, first, axis=1)
    of_good = np.add.reduceat(weight * (1.0 - bad), first, axis=1)
    found, passed = np.cumsum(of_bad, axis=1), np.cumsum(of_good, axis=1)
    asked = found + passed
    precision = np.divide(found, asked, out=np.zeros_like(asked), where=asked > 0)
    both = (found[:, -1] > 0) & (passed[:, -1] > 0)
    bad_of, good_of = np.where(both, found[:, -1], np.nan), np.where(both, passed[:, -1], np.nan)
    average = (of_bad * precision).sum(axis=1) / bad_of
    distance = np.abs(found / bad_of[:, None] - passed / good_of[:, None]).max(axis=1)
    return average, distance
