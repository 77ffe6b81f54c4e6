"""Forward validation of the default components: predictions for later rows of unseen customers.

At each rolling origin one group of customers at a time is left out; corrections and trees are trained on the
others up to the origin and predict the group's later rows. The predictions determine the components' weights.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from models.features.build import CUSTOMER_FEATURES, mask_history
from models.features.table import names
from models.learning.artifact import paid_invoices
from models.learning.boosting import find_rounds
from pipelines.training.corrections import fit_corrections
from pipelines.training.level import failing, row_weight
from pipelines.training.plan import known_features
from pipelines.training.split import customer_folds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from models.arrays import Floats, Ints
    from models.features.table import Feature
    from models.learning.rows import TrainingRows
    from pipelines.training.plan import FitPlan

    Mask = NDArray[np.bool_]

ORIGINS = (0.5, 0.75)
"""Share of the rows up to each origin."""
GROUPS = 3
"""Number of customer groups, each left out and predicted once per origin."""
WEIGHT_SPREAD = 0.2
"""Prior standard deviation of a weight."""
TREES_SHARE, HALF_WAY = 0.5, 30.0
"""Prior weight of trees with many defaults, and the number of defaulted customers for half of it."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Margins of each component on rows that it was not trained on.

    Parameters
    ----------
    margins
        By starter, corrections and trees, shape `(n, 3)`; the last two less the log-odds of their training
        rows, so that a change of level between years is not attributed to a component. 0 for unused trees.
    label, paid, owner
        Of the rows, shape `(n,)`.
    rounds
        Mean number of boosting rounds.
    """

    margins: Floats
    label: Floats
    paid: Floats
    owner: Ints
    rounds: int


def answer_forward(rows: TrainingRows, starter: Floats, plan: FitPlan, *, with_trees: bool) -> Answers:
    """Predict the rows after each origin; those without a trainable model are left out.

    Parameters
    ----------
    starter
        Margins of the published components, shape `(n,)`.
    """
    margins, rounds = np.full((len(rows), 3), np.nan), []
    group = customer_folds(rows.owner, GROUPS, plan.trees.seed)
    ends = [*np.quantile(rows.day, ORIGINS, method="lower"), rows.day.max()]
    for first, last in pairwise(ends):
        for left_out in range(GROUPS):
            learn = (rows.day <= first) & (group != left_out)
            asked = (rows.day > first) & (rows.day <= last) & (group == left_out)
            if asked.any() and 0 < rows.label[learn].sum() < learn.sum():
                stop = (rows.day <= first) & (group == left_out) if with_trees else None
                margins[asked], trees = _answer(rows, starter, plan, learn, asked, stop)
                rounds += [trees] if with_trees else []
    found = ~np.isnan(margins[:, 0])
    kept = rows.take(found)
    mean = round(float(np.mean(rounds))) if rounds else 0
    return Answers(margins[found], kept.label, paid_invoices(kept.frame), kept.owner, mean)


def _answer(
    rows: TrainingRows, starter: Floats, plan: FitPlan, learn: Mask, asked: Mask, stop: Mask | None
) -> tuple[Floats, int]:
    """Train on some rows and predict others.

    Parameters
    ----------
    stop
        Mask of the rows for early stopping of the trees; no trees if None.

    Returns
    -------
    Margins as in `Answers`, and the number of boosting rounds.
    """
    features, known, later = known_features(rows, CUSTOMER_FEATURES), rows.take(learn), rows.take(asked)
    weight, level = row_weight(known.label, known.owner), log_odds(known.label)
    own = fit_corrections(starter[learn], known.frame, known.label, weight, features)
    margins = np.zeros((len(later), 3))
    margins[:, 0] = starter[asked]
    margins[:, 1] = own.margin(starter[asked], later.frame) - level
    if stop is None:
        return margins, 0
    frame, label = with_masked(known, plan)
    stopping = (matrix(rows.take(stop).frame, features), rows.label[stop])
    booster = find_rounds(matrix(frame, features), label, stopping, features, plan.trees)
    margins[:, 2] = booster.predict(matrix(later.frame, features), raw_score=True) - level
    return margins, booster.num_trees()


def prior_weights(failed: int, *, with_trees: bool) -> tuple[float, float, float]:
    """Return the prior weights of starter, corrections and trees.

    Corrections contain the starter, and have all the weight with few defaults, shared with trees alone.

    Examples
    --------
    >>> prior_weights(30, with_trees=True)
    (0.0, 0.75, 0.25)
    """
    trees = TREES_SHARE * failed / (failed + HALF_WAY) if with_trees else 0.0
    return 0.0, 1.0 - trees, trees


def fit_weights(seen: Answers, level_spread: float) -> tuple[tuple[float, float, float], float]:
    """Return each component's weight, non-negative, and the shift for the level of the predictions.

    The posterior mode of a logistic regression whose weights have a normal prior around `prior_weights`, and
    its level one around the published level.
    """
    from scipy.optimize import minimize  # noqa: PLC0415  # costs a second at import

    centre = seen.margins.mean(axis=0)
    design = np.column_stack((seen.margins - centre, np.ones(len(seen.label))))
    weights = prior_weights(failing(seen.label, seen.owner), with_trees=seen.rounds > 0)
    middle = np.array([*weights, centre[0]])
    precision = np.array([*[WEIGHT_SPREAD**-2] * len(weights), level_spread**-2])
    weight = row_weight(seen.label, seen.owner)

    def loss(found: Floats) -> tuple[float, Floats]:
        score, off = design @ found, precision * (found - middle)
        chance = np.exp(-np.logaddexp(0.0, -score))
        value = weight * np.sum(np.logaddexp(0.0, score) - seen.label * score) + 0.5 * off @ (found - middle)
        return float(value), weight * (design.T @ (chance - seen.label)) + off

    # Unused trees have no weight.
    most = None if seen.rounds else 0.0
    bounds = [(0.0, None), (0.0, None), (0.0, most), (None, None)]
    found = minimize(loss, middle, jac=True, method="L-BFGS-B", bounds=bounds).x
    # Components trained on all rows are more certain than those validated here: their sum is capped at 1.
    kept = found[:3] / max(float(found[:3].sum()), 1.0)
    published, corrections, trees = (float(value) for value in kept)
    return (published, corrections, trees), float(found[3] - centre @ kept)


def with_masked(rows: TrainingRows, plan: FitPlan) -> tuple[pd.DataFrame, Floats]:
    """Return features and labels with a share of the rows repeated without history."""
    count = round(len(rows) * plan.masked_share)
    chosen = np.sort(np.random.default_rng(plan.trees.seed).choice(len(rows), count, replace=False))
    blank = mask_history(rows.frame.iloc[chosen], np.ones(count, dtype=bool))
    frame = pd.concat([rows.frame, blank], ignore_index=True) if count else rows.frame
    return frame, np.concatenate((rows.label, rows.label[chosen]))


def matrix(frame: pd.DataFrame, features: Sequence[Feature]) -> Floats:
    """Select features of a frame, shape `(n, n_features)`."""
    found: NDArray[np.float64] = frame[names(features)].to_numpy(np.float64)
    return found


def log_odds(label: Floats) -> float:
    """Return the log-odds of the bad share; both outcomes must occur."""
    share = float(label.mean())
    return math.log(share / (1.0 - share))
