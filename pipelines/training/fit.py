"""From rows to a fitted model: find the rounds, calibrate, then learn from everything that is known.

Three fits. The first learns on the oldest period and stops on the next. Its margins on the third period,
which it has not seen, give the calibration and the shifts of the quantiles. The last fit takes the same
number of rounds on all rows, so that the newest behaviour counts; its map stays the honest one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from models.artifact import FittedModel, QuantileTree, usual_days_late
from models.boosting import TreeParams, find_rounds, fit_classifier, fit_quantile
from models.calibration import MIN_CASES, fit_calibration
from models.features.build import CUSTOMER_FEATURES, INVOICE_FEATURES, mask_history
from models.rows import Rows
from pipelines.training.split import Split, split

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.features.running import Floats
    from models.features.table import Feature

QUANTILES = (0.1, 0.5, 0.9)
_FITTED_SHARE = 0.85
_LATENESS_BOUNDS = (-60.0, 120.0)


@dataclass(frozen=True, slots=True)
class FitPlan:
    """How to fit one target.

    Parameters
    ----------
    shares
        Shares of the four periods: train, stop, calibrate, test.
    masked_share
        Share of the rows repeated with the history masked, in [0, 1].
    quantile_rounds
        Rounds of each quantile of days late.
    refit
        Whether the last fit on all rows is made.
    """

    target: str
    trees: TreeParams
    shares: tuple[float, float, float, float] = (0.7, 0.1, 0.1, 0.1)
    masked_share: float = 0.2
    quantile_rounds: int = 300
    by_customer: bool = False
    refit: bool = True


@dataclass(frozen=True, slots=True)
class Fit:
    """A model for the test period and the model to keep, with the split that made them."""

    tested: FittedModel
    kept: FittedModel
    split: Split


def fit(rows: Rows, plan: FitPlan) -> Fit:
    """Fit a target on its rows.

    Raises
    ------
    NotEnoughDataError
        Too few rows, or of one outcome only, in a period that needs both.
    """
    features = known_features(rows, INVOICE_FEATURES if plan.target != "default12" else CUSTOMER_FEATURES)
    parts = split(rows, plan.shares, by_customer=plan.by_customer, seed=plan.trees.seed)
    train = _with_masked(rows.take(parts.train), plan)
    stop, held = rows.take(parts.stop), _calibration_rows(rows, parts)
    booster = find_rounds(
        _matrix(train, features), train.label, (_matrix(stop, features), stop.label), features, plan.trees
    )
    calibration = fit_calibration(booster.predict(_matrix(held, features), raw_score=True), held.label)
    names = tuple(feature.name for feature in features)
    quantiles: tuple[QuantileTree, ...] = ()
    usual = 0.0
    late = plan.target != "default12"
    if late:
        usual = float(np.nanmedian(train.days_late))
        quantiles = _quantiles(rows.take(~parts.test), features, plan, usual)
    tested = FittedModel(plan.target, names, booster, calibration, quantiles, usual)
    if not plan.refit:
        return Fit(tested, tested, parts)
    everything = _with_masked(rows, plan)
    booster = fit_classifier(
        _matrix(everything, features), everything.label, features, plan.trees, booster.num_trees()
    )
    if late:
        quantiles = _refit_quantiles(quantiles, everything, features, plan, usual)
    return Fit(tested, FittedModel(plan.target, names, booster, calibration, quantiles, usual), parts)


def known_features(rows: Rows, features: Sequence[Feature]) -> list[Feature]:
    """Return the features that say anything in these rows: more than one value, missing included."""
    kept = []
    for feature in features:
        values = rows.frame[feature.name].to_numpy()
        known = values[~np.isnan(values)]
        if len(known) and (len(known) < len(values) or known.min() < known.max()):
            kept.append(feature)
    return kept


def _calibration_rows(rows: Rows, parts: Split) -> Rows:
    """Take the calibration period; where it holds too few bad rows, the period before it as well."""
    mask = parts.calibrate
    label = rows.label[mask]
    if min(label.sum(), len(label) - label.sum()) < MIN_CASES:
        mask = parts.calibrate | parts.stop
    return rows.take(mask)


def _with_masked(rows: Rows, plan: FitPlan) -> Rows:
    """Append a share of the rows again, as if their customers had no history."""
    count = round(len(rows) * plan.masked_share)
    if not count:
        return rows
    chosen = np.random.default_rng(plan.trees.seed).choice(len(rows), count, replace=False)
    again = rows.take(np.sort(chosen))
    blank = mask_history(again.frame, np.ones(count, dtype=bool))
    return Rows(
        pd.concat([rows.frame, blank], ignore_index=True),
        np.concatenate((rows.label, again.label)),
        np.concatenate((rows.owner, again.owner)),
        np.concatenate((rows.day, again.day)),
        np.concatenate((rows.days_late, again.days_late)),
    )


def _quantiles(
    rows: Rows, features: Sequence[Feature], plan: FitPlan, usual: float
) -> tuple[QuantileTree, ...]:
    """Fit the quantiles of what is added to the usual lateness; shift each to cover its share when held out.

    Days late are told later than some labels, so they are held out by their own last period. The shift is
    split conformal prediction's (Romano, Patterson and Candès 2019), one side at a time.
    """
    known = rows.take(~np.isnan(rows.days_late))
    late_days = known.day > np.quantile(known.day, _FITTED_SHARE)
    train, held = _with_masked(known.take(~late_days), plan), known.take(late_days)
    matrix, target = _matrix(train, features), _target(train, usual)
    held_matrix, held_target = _matrix(held, features), _target(held, usual)
    trees = []
    for share in QUANTILES:
        booster = fit_quantile(matrix, target, share, features, plan.trees, plan.quantile_rounds)
        rest = held_target - booster.predict(held_matrix)
        shift = 0.0 if share == QUANTILES[1] else float(np.quantile(rest, share))
        trees.append(QuantileTree(share, booster, shift))
    return tuple(trees)


def _refit_quantiles(
    quantiles: tuple[QuantileTree, ...], rows: Rows, features: Sequence[Feature], plan: FitPlan, usual: float
) -> tuple[QuantileTree, ...]:
    known = rows.take(~np.isnan(rows.days_late))
    matrix, target = _matrix(known, features), _target(known, usual)
    return tuple(
        replace(q, booster=fit_quantile(matrix, target, q.share, features, plan.trees, plan.quantile_rounds))
        for q in quantiles
    )


def _target(rows: Rows, usual: float) -> Floats:
    return np.clip(rows.days_late, *_LATENESS_BOUNDS) - usual_days_late(rows.frame, usual)


def _matrix(rows: Rows, features: Sequence[Feature]) -> Floats:
    return rows.frame[[feature.name for feature in features]].to_numpy(np.float64)
