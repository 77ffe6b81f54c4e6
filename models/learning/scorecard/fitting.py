"""Fitting of a scorecard: bins of every feature, selection, logistic regression, whole points.

Every coefficient keeps the sign of its weight of evidence: a feature whose coefficient would reverse it, or
whose points would all be equal, is dropped and the rest refitted.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from models.errors import ModelError, NotEnoughDataError
from models.features.table import require_columns
from models.learning.calibration import fit_calibration
from models.learning.scorecard.binning import bin_feature
from models.learning.scorecard.rules import PointScale, ScorecardRules
from models.learning.scorecard.scorecard import Scorecard
from models.learning.scorecard.selection import forward, is_telling, rows_a_case, unlike

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from models.arrays import Floats
    from models.features.table import Feature
    from models.learning.scorecard.attribute import Attribute

_NEARLY_FREE = 1e6
"""The inverse of the regression's penalty: bins are few and well filled, so they need none."""
_LEAST_POINTS = 1.0
"""Minimum difference in points between a feature's best and worst bin."""


def fit_scorecard(
    frame: pd.DataFrame,
    label: Floats,
    features: Sequence[Feature],
    *,
    target: str,
    seed: int,
    rules: ScorecardRules | None = None,
    scale: PointScale | None = None,
    subject: Sequence[object] | None = None,
    calibrate_on: tuple[pd.DataFrame, Floats] | None = None,
) -> Scorecard:
    """Fit a scorecard.

    Parameters
    ----------
    frame, label
        Features, shape `(n, n_features)`, and 0 or 1, shape `(n,)`.
    features
        The candidates; those that are nowhere known are passed over.
    target
        `late30`, `late15`, ... or `default12`.
    seed
        Of the trees that propose cuts.
    rules, scale
        Constraints on the scorecard and scale of the points; defaults where None.
    subject
        Subject of each row, shape `(n,)`: rows of one subject count as one case in tests against chance.
        Where None, every row is a case of its own.
    calibrate_on
        Features and labels of a later period that calibrate the score to a probability; where None, the scale
        gives the probability.

    Raises
    ------
    NotEnoughDataError
        Too few rows of an outcome, or no feature that separates them.
    ModelError
        A label is neither 0 nor 1, labels and rows differ in number, or a column is missing.
    """
    rules, scale = rules or ScorecardRules(), scale or PointScale()
    label = np.asarray(label, dtype=np.float64)
    _check(frame, label, features, rules)
    repeats = rows_a_case(label, subject)
    candidates, woe = _candidates(frame, label, features, rules, seed, repeats)
    kept = unlike(woe, rules)
    candidates, woe = [candidates[column] for column in kept], woe[:, kept]

    def probability(columns: Sequence[int]) -> Floats:
        intercept, weights = _regress(woe[:, columns], label)
        return 1 / (1 + np.exp(intercept + woe[:, columns] @ weights))

    groups = [attribute.group for attribute in candidates]
    chosen = forward(woe, label, groups, rules, repeats, probability)
    if not chosen:
        raise NotEnoughDataError(_NOTHING_TELLS.format(len(features), len(label)))
    attributes = _pointed([candidates[column] for column in chosen], woe[:, chosen], label, scale)
    card = Scorecard(target, attributes, scale)
    if calibrate_on is None:
        return card
    later, outcome = calibrate_on
    return replace(card, calibration=fit_calibration(card.margin(later), np.asarray(outcome, np.float64)))


_NOTHING_TELLS = (
    "none of {} features tells good from bad over what chance would show on {} rows: "
    "a scorecard needs one; use a longer ledger"
)


def _check(frame: pd.DataFrame, label: Floats, features: Sequence[Feature], rules: ScorecardRules) -> None:
    if label.shape != (len(frame),) or not np.isin(label, (0.0, 1.0)).all():
        raise ModelError(
            f"{len(frame)} rows came with {label.size} labels, {int((~np.isin(label, (0.0, 1.0))).sum())} of "
            "them neither 0 nor 1: give one label a row and leave out what is not known yet"
        )
    require_columns("the scorecard", (feature.name for feature in features), frame)
    bad = int(label.sum())
    if min(bad, len(label) - bad) < rules.least_bad:
        raise NotEnoughDataError(
            f"of {len(label)} rows {bad} are bad: a scorecard needs {rules.least_bad} of either outcome; "
            "use a longer ledger"
        )


def _candidates(
    frame: pd.DataFrame,
    label: Floats,
    features: Sequence[Feature],
    rules: ScorecardRules,
    seed: int,
    repeats: float,
) -> tuple[list[Attribute], Floats]:
    """Return the informative features, the most informative first, with their weights of evidence."""
    found: list[tuple[Attribute, Floats]] = []
    for feature in features:
        values = frame[feature.name].to_numpy(np.float64, na_value=np.nan)
        attribute = bin_feature(feature, values, label, rules, seed)
        if attribute is not None and is_telling(attribute, rules, repeats):
            found.append((attribute, attribute.woe(values)))
    if not found:
        raise NotEnoughDataError(_NOTHING_TELLS.format(len(features), len(label)))
    found.sort(key=lambda pair: -pair[0].information_value)
    return [attribute for attribute, _ in found], np.column_stack([woe for _, woe in found])


def _regress(woe: Floats, label: Floats) -> tuple[float, Floats]:
    """Return the intercept and the coefficients of the log-odds of good."""
    if not woe.shape[1]:
        return float(np.log((1 - label).sum() / label.sum())), np.array([])
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  # costs a second at import

    model = LogisticRegression(C=_NEARLY_FREE, solver="newton-cholesky").fit(woe, 1 - label)
    return float(model.intercept_[0]), model.coef_[0]


def _pointed(
    attributes: Sequence[Attribute], woe: Floats, label: Floats, scale: PointScale
) -> tuple[Attribute, ...]:
    """Fit, drop features with a reversed sign or without points, and write whole points to the bins.

    A feature's neutral points are its equal share of the score of a row without any evidence.
    """
    intercept, weights = _regress(woe, label)
    spread = scale.factor * weights * np.ptp(woe, axis=0)
    weakest = int(spread.argmin())
    if spread[weakest] < _LEAST_POINTS:
        if len(attributes) == 1:
            raise NotEnoughDataError(_NOTHING_TELLS.format(1, len(label)))
        left = [column for column in range(len(attributes)) if column != weakest]
        return _pointed([attributes[column] for column in left], woe[:, left], label, scale)
    neutral, rest = divmod(round(scale.offset + scale.factor * intercept), len(attributes))
    return tuple(
        _with_points(attribute, neutral + (column < rest), scale.factor * float(weight), float(weight))
        for column, (attribute, weight) in enumerate(zip(attributes, weights, strict=True))
    )


def _with_points(attribute: Attribute, neutral: int, points: float, weight: float) -> Attribute:
    """Return an attribute whose bins have `neutral` points, plus `points` per unit of evidence."""
    lines = [replace(line, points=neutral + round(points * line.woe)) for line in attribute.lines]
    known = len(attribute.bins)
    return replace(
        attribute,
        bins=tuple(lines[:known]),
        missing=lines[known],
        other=lines[-1] if attribute.other else None,
        weight=weight,
    )
