"""From a model's raw margin to a probability, exactly and monotonically, with how well the data know it.

Platt's map (Platt 1999): the probability is the logistic of `slope x margin + intercept`, slope above 0, so
that ranks stay and a margin always maps back to the probability shown. Customers with little history get an
intercept of their own, drawn to everybody's where there are few of them: a prospect's answer is calibrated on
prospects. The interval is that of the map's estimate: it is wide where few like the customer were seen.
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
"""Lengths of history: how many paid invoices are known."""
ANCHOR_SPREADS = (0.15, 0.4, 0.3)
"""How far slope, intercept and a length's offset should lie from 1, 0 and 0 (standard deviations)."""
PRIOR_SPREAD = 0.5
"""How far a length's own intercept is expected to lie from everybody's, in log-odds (standard deviation)."""
NORMAL_90 = 1.6449
"""Half of a 90 % interval, in standard deviations."""
CONFIDENT, FAIR, ENOUGH = 1.5, 2.5, 6.0
"""The most the odds may differ from end to end of the interval, to say high, medium, and anything at all."""
_LONGEST = np.array([0.0, 2.0, 9.0])
_LEAST_SLOPE = 0.05
_STEPS = 50


class ProbabilityEstimate(NamedTuple):
    """Probabilities, the ends of their 90 % intervals, and their intercepts, each of shape `(n,)`."""

    value: Floats
    low: Floats
    high: Floats
    intercept: Floats


@dataclass(frozen=True)  # no slots, for its arrays are kept where they are asked for
class Calibration:
    """The map's figures.

    Parameters
    ----------
    offsets
        Added to the intercept by length of history, in the order of `HISTORIES`; empty for none.
    covariance
        Of slope, intercept and offsets, row by row, shape `(6, 6)`; empty where no interval is known.

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
        """Make a map of its JSON values."""
        offsets = tuple(float(value) for value in document.get("offsets", ()))
        covariance = tuple(tuple(map(float, row)) for row in document.get("covariance", ()))
        return cls(float(document["slope"]), float(document["intercept"]), offsets, covariance)

    def probability(self, margin: Floats, paid: ArrayLike | None = None) -> Floats:
        """Map margins (log-odds) to probabilities, any shape.

        Parameters
        ----------
        paid
            How many paid invoices are known of each, the same shape; without it, no offset is added.
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
            The map was fitted without telling whose rows are whose.
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
        """Return each one's intercept, that of its length of history included, shape `(n,)`."""
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
        """Map margins to calibrated log-odds, as `probability`."""
        intercept = self.intercept if paid is None else self.intercepts(paid)
        score: Floats = self.slope * margin + intercept
        return score


def length_of_history(paid: ArrayLike) -> Ints:
    """Return each customer's place in `HISTORIES` by its number of paid invoices; unknown is none.

    Examples
    --------
    >>> length_of_history([0, 1, 2, 3, 9, 10, float("nan")]).tolist()
    [0, 1, 1, 2, 2, 3, 0]
    """
    known = np.asarray(paid, dtype=np.float64)
    places: Ints = (known[..., None] > _LONGEST).sum(axis=-1)
    return places


def confidence(low: float, high: float) -> str:
    """Say how far an interval is to be trusted: high, medium, low, or none where the data do not tell.

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
    """Fit the plain map on rows the model has not seen.

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


def fit_by_history(margin: Floats, outcome: Floats, paid: Floats, owner: Ints) -> Calibration:
    """Fit the map with an intercept a length of history, and its covariance, on rows the model has not seen.

    The offsets are drawn to 0 by a normal prior. Rows of one customer are one draw: the variance is the
    larger of the posterior's (Laplace) and of the one clustered by customer (Liang and Zeger 1986).

    Parameters
    ----------
    paid, owner
        How many paid invoices were known, and whose row it is; shape `(n,)`.

    Raises
    ------
    NotEnoughDataError
        Fewer than 10 rows of either outcome.
    """
    _check_cases(outcome)
    design = _design(margin, length_of_history(paid))
    penalty = np.concatenate((np.zeros(2), np.full(len(HISTORIES), PRIOR_SPREAD**-2)))
    found = _fit(design, outcome, penalty)
    slope, intercept = _rising(float(found[0]), float(found[1]), margin, outcome)
    offsets = tuple(float(value) for value in found[2:]) if slope == found[0] else (0.0,) * len(HISTORIES)
    coefficients = np.array([slope, intercept, *offsets])
    chance = _logistic(design @ coefficients)
    information = (design.T * (chance * (1 - chance))) @ design + np.diag(penalty)
    posterior = np.linalg.pinv(information).astype(np.float64)
    scores = np.zeros((int(owner.max()) + 1, design.shape[1]))
    np.add.at(scores, owner, design * (outcome - chance)[:, None])
    clustered = posterior @ (scores.T @ scores) @ posterior
    covariance = _larger(posterior, clustered)
    return Calibration(slope, intercept, offsets, tuple(tuple(map(float, row)) for row in covariance))


def fit_anchored(margin: Floats, outcome: Floats, paid: Floats, owner: Ints) -> Calibration:
    """Fit the map drawn to `slope 1, intercept 0`, so that it holds however few rows there are, even none.

    Slope, intercept and offsets have normal priors (`ANCHOR_SPREADS`): the margins are log-odds already,
    which a few rows do not overrule. The variance is as in `fit_by_history`.

    Parameters
    ----------
    margin, outcome, paid, owner
        As in `fit_by_history`, shape `(n,)`.
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
    """Return the least covariance that is no smaller than either in the directions they differ in."""
    values, vectors = np.linalg.eigh(other - one)
    larger: Floats = one + (vectors * np.maximum(values, 0.0)) @ vectors.T
    return larger


def _design(margin: Floats, places: Ints) -> Floats:
    """Return the columns of the regression: margin, intercept, and one for each length of history."""
    table = np.zeros((len(margin), 2 + len(HISTORIES)))
    table[:, 0], table[:, 1] = margin, 1.0
    table[np.arange(len(margin)), 2 + places] = 1.0
    return table


def _fit(design: Floats, outcome: Floats, penalty: Floats, known: Floats | float = 0.0) -> Floats:
    """Fit a logistic regression with a squared penalty a coefficient, by Newton's steps, halved as needed.

    Parameters
    ----------
    known
        What the score begins with, shape `(n,)`.
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
    """Keep the slope above 0: a model without merit answers nearly the same for everybody."""
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
