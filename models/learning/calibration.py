"""Monotone calibration of raw margins to probabilities, with confidence intervals.

Platt scaling (Platt 1999): the probability is the logistic of `slope x margin + intercept`, slope above 0, so
that ranks are preserved and the map is invertible. Customers with little history get an intercept of their
own, shrunk towards the common one where they are few: a prospect is calibrated on prospects. The interval is
that of the map's estimate: it is wide where few similar customers were observed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from models.errors import NotEnoughDataError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike

    from models.arrays import Floats, Ints

MIN_CASES = 10
HISTORIES = ("0", "1-2", "3-9", "10+")
"""Lengths of history, by number of paid invoices."""
ANCHOR_SPREADS = (0.15, 0.4, 0.3)
"""Prior standard deviations of slope, intercept and offsets around 1, 0 and 0."""
NORMAL_90 = 1.6449
"""Half-width of a 90 % interval, in standard deviations."""
CONFIDENT, FAIR, ENOUGH = 1.5, 2.5, 6.0
"""Largest odds ratio between the interval's ends for high, medium and low confidence."""
_LONGEST = np.array([0.0, 2.0, 9.0])
_LEAST_SLOPE = 0.05
_STEPS = 50


class ProbabilityEstimate(NamedTuple):
    """Probabilities, their 90 % intervals and their intercepts, each of shape `(n,)`."""

    value: Floats
    low: Floats
    high: Floats
    intercept: Floats


@dataclass(frozen=True)  # no slots: cached properties need a __dict__
class Calibration:
    """Parameters of the calibration map.

    Parameters
    ----------
    offsets
        Added to the intercept by length of history, in the order of `HISTORIES`; empty for none.
    covariance
        Of slope, intercept and offsets, row by row, shape `(6, 6)`; empty without an interval.

    Examples
    --------
    >>> float(Calibration(1.0, 0.0).probability(np.array([0.0]))[0])
    0.5
    """

    slope: float = 1.0
    intercept: float = 0.0
    offsets: tuple[float, ...] = ()
    covariance: tuple[tuple[float, ...], ...] = ()

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Calibration:
        """Build a map from its JSON values."""
        offsets = tuple(float(value) for value in document.get("offsets", ()))
        covariance = tuple(tuple(map(float, row)) for row in document.get("covariance", ()))
        return cls(float(document["slope"]), float(document["intercept"]), offsets, covariance)

    def probability(self, margin: Floats, paid: ArrayLike | None = None) -> Floats:
        """Map margins (log-odds) to probabilities, any shape.

        Parameters
        ----------
        paid
            Number of paid invoices of each, in the same shape; without it, no offset is added.
        """
        return _logistic(self.score(margin, paid))

    def estimate(self, margin: Floats, paid: ArrayLike) -> ProbabilityEstimate:
        """Map margins to probabilities with their 90 % intervals.

        Parameters
        ----------
        margin, paid
            As in `probability`, each of shape `(n,)`.

        Raises
        ------
        NotEnoughDataError
            The map was fitted without customer ids, so it has no covariance.
        """
        if not self.covariance:
            raise NotEnoughDataError("this calibration knows no interval; train the model again")
        places = length_of_history(paid)
        intercept = self._intercepts(places)
        score = self.slope * margin + intercept
        design = _design(margin, places)
        variance = np.einsum("ij,jk,ik->i", design, self._covariance, design)
        half = NORMAL_90 * np.sqrt(np.maximum(variance, 0.0))
        value, low, high = _logistic(np.stack((score, score - half, score + half)))
        return ProbabilityEstimate(value, low, high, intercept)

    def intercepts(self, paid: ArrayLike) -> Floats:
        """Return intercepts, including the offset of each one's length of history, shape `(n,)`."""
        return self._intercepts(length_of_history(paid))

    @cached_property
    def _offsets(self) -> Floats:
        return np.array(self.offsets or (0.0,) * len(HISTORIES))

    @cached_property
    def _covariance(self) -> Floats:
        return np.array(self.covariance)

    def _intercepts(self, places: Ints) -> Floats:
        found: Floats = self.intercept + self._offsets[places]
        return found

    def score(self, margin: Floats, paid: ArrayLike | None = None) -> Floats:
        """Map margins to calibrated log-odds; see `probability`."""
        intercept = self.intercept if paid is None else self.intercepts(paid)
        score: Floats = self.slope * margin + intercept
        return score


def length_of_history(paid: ArrayLike) -> Ints:
    """Return each customer's index in `HISTORIES` by its number of paid invoices; NaN counts as 0.

    Examples
    --------
    >>> length_of_history([0, 1, 2, 3, 9, 10, float("nan")]).tolist()
    [0, 1, 1, 2, 2, 3, 0]
    """
    known = np.asarray(paid, dtype=np.float64)
    places: Ints = (known[..., None] > _LONGEST).sum(axis=-1)
    return places


def confidence(low: float, high: float) -> str:
    """Classify the confidence of an interval: high, medium, low, or none where it is too wide.

    Examples
    --------
    >>> confidence(0.010, 0.012), confidence(0.01, 0.02), confidence(0.01, 0.04), confidence(0.01, 0.2)
    ('high', 'medium', 'low', 'none')
    """
    low, high = max(low, 1e-12), min(high, 1 - 1e-12)
    ratio = (high / (1 - high)) / (low / (1 - low))
    return (
        "high" if ratio <= CONFIDENT else "medium" if ratio <= FAIR else "low" if ratio <= ENOUGH else "none"
    )


def fit_calibration(margin: Floats, outcome: Floats) -> Calibration:
    """Fit the plain map on rows that the model was not trained on.

    Parameters
    ----------
    margin, outcome
        Raw margins, and 0 or 1; shape `(n,)`.

    Raises
    ------
    NotEnoughDataError
        Fewer than 10 rows of either outcome.
    """
    _check_cases(outcome)
    slope, intercept = _fit(np.stack((margin, np.ones(len(margin))), axis=1), outcome, np.zeros(2))
    return Calibration(*_rising(slope, intercept, margin, outcome))


def fit_anchored(margin: Floats, outcome: Floats, paid: Floats, owner: Ints) -> Calibration:
    """Fit the map with priors at `slope 1, intercept 0`, so that any number of rows is enough, even none.

    Slope, intercept and offsets have normal priors (`ANCHOR_SPREADS`): the margins are log-odds already,
    which a few rows should not overrule. Rows of one customer form a cluster: the variance is the larger of
    the posterior's (Laplace) and of the one clustered by customer (Liang and Zeger 1986).

    Parameters
    ----------
    margin, outcome
        Raw margins, and 0 or 1; shape `(n,)`.
    paid, owner
        Number of paid invoices, and the row's customer; shape `(n,)`.
    """
    slope, intercept, offset = ANCHOR_SPREADS
    spreads = np.array([slope, intercept, *(offset,) * len(HISTORIES)])
    penalty, anchor = spreads**-2, np.array([1.0, 0.0, *(0.0,) * len(HISTORIES)])
    design = _design(margin, length_of_history(paid))
    found = anchor + _fit(design, outcome, penalty, design @ anchor) if len(margin) else anchor
    rising = max(float(found[0]), _LEAST_SLOPE)
    coefficients = np.array([rising, *found[1:]])
    chance = _logistic(design @ coefficients)
    information = (design.T * (chance * (1 - chance))) @ design + np.diag(penalty)
    posterior = np.linalg.pinv(information).astype(np.float64)
    scores = np.zeros((int(owner.max(initial=0)) + 1, design.shape[1]))
    np.add.at(scores, owner, design * (outcome - chance)[:, None])
    covariance = _larger(posterior, posterior @ (scores.T @ scores) @ posterior)
    offsets = tuple(float(value) for value in found[2:])
    return Calibration(rising, float(found[1]), offsets, tuple(tuple(map(float, row)) for row in covariance))


def _larger(one: Floats, other: Floats) -> Floats:
    """Return the smallest covariance that dominates both, along the eigenvectors of their difference."""
    values, vectors = np.linalg.eigh(other - one)
    larger: Floats = one + (vectors * np.maximum(values, 0.0)) @ vectors.T
    return larger


def _design(margin: Floats, places: Ints) -> Floats:
    """Return the regression's design matrix: margin, intercept, and one column per length of history."""
    table = np.zeros((len(margin), 2 + len(HISTORIES)))
    table[:, 0], table[:, 1] = margin, 1.0
    table[np.arange(len(margin)), 2 + places] = 1.0
    return table


def _fit(design: Floats, outcome: Floats, penalty: Floats, known: Floats | float = 0.0) -> Floats:
    """Fit a logistic regression with a ridge penalty per coefficient, by damped Newton steps.

    Parameters
    ----------
    known
        Offset of the score, shape `(n,)`.
    """
    found = np.zeros(design.shape[1])
    ridge = np.diag(penalty + 1e-9)
    loss = _loss(design, outcome, penalty, found, known)
    for _ in range(_STEPS):
        chance = _logistic(known + design @ found)
        slope = design.T @ (outcome - chance) - penalty * found
        step = np.linalg.solve((design.T * (chance * (1 - chance))) @ design + ridge, slope)
        while (after := _loss(design, outcome, penalty, found + step, known)) > loss * (1 + 1e-12) + 1e-12:
            step = step / 2
        if loss - after < 1e-10 * (1 + abs(loss)):
            break
        found, loss = found + step, after
    return found


def _loss(design: Floats, outcome: Floats, penalty: Floats, found: Floats, known: Floats | float) -> float:
    score = known + design @ found
    return float(np.sum(np.logaddexp(0.0, score) - outcome * score) + 0.5 * np.sum(penalty * found**2))


def _rising(slope: float, intercept: float, margin: Floats, outcome: Floats) -> tuple[float, float]:
    """Keep the slope above 0: a model without skill predicts nearly the same for all."""
    if slope >= _LEAST_SLOPE:
        return slope, intercept
    bad = float(outcome.sum())
    return _LEAST_SLOPE, math.log(bad / (len(outcome) - bad)) - _LEAST_SLOPE * float(margin.mean())


def _logistic(score: Floats) -> Floats:
    value: Floats = np.exp(-np.logaddexp(0.0, -score))
    return value


def _check_cases(outcome: Floats) -> None:
    bad = int(outcome.sum())
    if min(bad, len(outcome) - bad) < MIN_CASES:
        raise NotEnoughDataError(
            f"calibration has {bad} bad and {len(outcome) - bad} good rows; it needs {MIN_CASES} of each: "
            "use a longer ledger or an earlier cut"
        )
