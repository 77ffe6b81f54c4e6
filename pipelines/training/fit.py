"""From rows to a fitted model: find the rounds, calibrate, then learn from everything known.

A first model learns from the oldest period, stops on the next, and its answers on the third, which it has
not seen, give the calibration. For default, five such models each leave out a fifth of the customers, answer
that fifth alone, and are taken together: one fifth holds too few defaults to stop or calibrate on. The tested
model then takes the same number of rounds on all that precedes the test period, and the kept one on every
row, so that the newest behaviour counts; the map of both stays the honest one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from models.artifact import FittedModel, paid_invoices
from models.boosting import TreeParams, find_rounds, fit_classifier
from models.calibration import fit_by_history
from models.features.build import CUSTOMER_FEATURES, INVOICE_FEATURES, mask_history
from models.rows import Rows
from pipelines.training.delays import fit_delays
from pipelines.training.split import Split, customer_folds, split

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from models.calibration import Calibration
    from models.features.running import Floats
    from models.features.table import Feature

    Bools = NDArray[np.bool_]

CUSTOMER_FOLDS = 5


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
    shares: tuple[float, float, float, float] = (0.55, 0.15, 0.2, 0.1)
    masked_share: float = 0.2
    quantile_rounds: int = 300
    by_customer: bool = False
    refit: bool = True


@dataclass(frozen=True, slots=True)
class Fit:
    """A model for the test period and the model to keep, with the split that made them.

    Parameters
    ----------
    tested
        Learnt from all that precedes the test period.
    kept
        Learnt from every row; the same as `tested` without a test period.
    test_probability
        Answers on the test period, each by a model that had seen neither the period nor, where customers are
        kept apart, the customer; shape `(n_test_rows,)`.
    """

    tested: FittedModel
    kept: FittedModel
    split: Split
    test_probability: Floats


def fit(rows: Rows, plan: FitPlan) -> Fit:
    """Fit a target on its rows.

    Raises
    ------
    NotEnoughDataError
        Too few rows, or of one outcome only, in a period that needs both.
    """
    features = known_features(rows, INVOICE_FEATURES if plan.target != "default12" else CUSTOMER_FEATURES)
    parts = split(rows, plan.shares)
    before = rows.take(~parts.test)
    rounds, calibration = _cross_fit(before, parts, features, plan)
    learn_delays = None
    if plan.target != "default12":
        repeat = partial(_with_masked, plan=plan)
        learn_delays = fit_delays(before, features, plan.trees, plan.quantile_rounds, repeat)

    def learn(known: Rows) -> FittedModel:
        more = _with_masked(known, plan)
        booster = fit_classifier(_matrix(more, features), more.label, features, plan.trees, rounds)
        names = tuple(feature.name for feature in features)
        delays = learn_delays(known) if learn_delays else ()
        return FittedModel(plan.target, names, booster, calibration, delays)

    tested = learn(before)
    kept = learn(rows) if plan.refit and len(before) < len(rows) else tested
    test = rows.take(parts.test)
    return Fit(tested, kept, parts, _test_answers(tested, before, test, features, plan))


def known_features(rows: Rows, features: Sequence[Feature]) -> list[Feature]:
    """Return the features that say anything in these rows: more than one value, missing included."""
    kept = []
    for feature in features:
        values = rows.frame[feature.name].to_numpy()
        known = values[~np.isnan(values)]
        if len(known) and (len(known) < len(values) or known.min() < known.max()):
            kept.append(feature)
    return kept


def _folds(rows: Rows, parts: Split, plan: FitPlan) -> list[tuple[Bools, Bools, Bools]]:
    """Return masks of what each fold learns from, stops on and answers: later periods, other customers."""
    learns, stops = rows.day <= parts.last_days[0], rows.day <= parts.last_days[1]
    stop, answer = ~learns & stops, ~stops
    if not plan.by_customer:
        return [(learns, stop, answer)]
    fold = customer_folds(rows.owner, CUSTOMER_FOLDS, plan.trees.seed)
    return [(learns & (fold != k), stop & (fold == k), answer & (fold == k)) for k in range(CUSTOMER_FOLDS)]


def _cross_fit(
    rows: Rows, parts: Split, features: Sequence[Feature], plan: FitPlan
) -> tuple[int, Calibration]:
    """Return the folds' mean rounds and the calibration of their answers together.

    Answers on the second period count as well as those on the third: what stopping on it gains is little, and
    one quarter alone ties every probability to that quarter's luck.
    """
    rounds = []
    answers = np.full(len(rows), np.nan)
    for learn, stop, answer in _folds(rows, parts, plan):
        train, later = _with_masked(rows.take(learn), plan), rows.take(stop)
        stopping = (_matrix(later, features), later.label)
        booster = find_rounds(_matrix(train, features), train.label, stopping, features, plan.trees)
        rounds.append(booster.num_trees())
        asked = stop | answer
        answers[asked] = booster.predict(_matrix(rows.take(asked), features), raw_score=True)
    held = rows.day > parts.last_days[0]
    return round(np.mean(rounds)), fit_by_history(
        answers[held], rows.label[held], paid_invoices(rows.frame)[held], rows.owner[held]
    )


def _test_answers(
    tested: FittedModel, before: Rows, test: Rows, features: Sequence[Feature], plan: FitPlan
) -> Floats:
    """Answer the test period; where customers are kept apart, each by a model that never saw the customer."""
    if not len(test):
        return np.array([])
    if not plan.by_customer:
        return tested.probability(test.frame)
    matrix, answers = _matrix(test, features), np.empty(len(test))
    own, theirs = (customer_folds(rows.owner, CUSTOMER_FOLDS, plan.trees.seed) for rows in (test, before))
    for fold in range(CUSTOMER_FOLDS):
        others = _with_masked(before.take(theirs != fold), plan)
        booster = fit_classifier(
            _matrix(others, features), others.label, features, plan.trees, tested.booster.num_trees()
        )
        answers[own == fold] = booster.predict(matrix, raw_score=True)[own == fold]
    return tested.calibration.probability(answers, paid_invoices(test.frame))


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
        np.concatenate((rows.subject, again.subject)),
    )


def _matrix(rows: Rows, features: Sequence[Feature]) -> Floats:
    return rows.frame[[feature.name for feature in features]].to_numpy(np.float64)
