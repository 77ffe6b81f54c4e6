"""Days late as three ordered quantiles, for an invoice at its issue or while it is open.

Invoices at their issue and open invoices have trees of their own. At issue the trees predict the difference
from half of the customer's habit with similar invoices; while open, the difference from the larger of the
habit and the current days late.

Owns the conversion of trees to days, in models of the earlier format: stored answers are replayed with them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from models.explain.treeshap.explainer import LazyMargins

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from lightgbm import Booster
    from numpy.typing import NDArray

    from models.arrays import Floats
    from models.learning.named_columns import NamedColumns

    Columns = Mapping[str, Floats] | pd.DataFrame | NamedColumns

AT_ISSUE, OPEN = "at_issue", "open"
MOMENTS = (AT_ISSUE, OPEN)
SHARES = (0.1, 0.5, 0.9)
MEDIAN = 0.5
HABITS = {0.1: "alike_p10", 0.5: "alike_median", 0.9: "alike_p90"}
STARTING_SHARE = 0.5
"""Share of the habit used as the start at issue: more accurate than all of it or none."""
MEDIAN_SHRINKAGE = 0.5
"""Shrinkage of the median at issue towards the habit; more accurate than either alone."""
READ = ("invoice_age_days", "days_past_due", *HABITS.values())
"""Features read in addition to those of the trees."""


@dataclass(frozen=True, slots=True)
class DelayTrees:
    """One quantile of days late, at issue or while open.

    Parameters
    ----------
    moment
        `at_issue` or `open`.
    share
        The quantile's level, in (0, 1).
    booster
        Predicts the difference from the start, in days.
    otherwise
        Replaces the habit of a customer without one, in days.
    shift
        Added so that the quantile has its nominal coverage in held-out periods, in days.
    margins
        The booster's compiled output; built on first use and cached.
    """

    moment: str
    share: float
    booster: Booster
    otherwise: float
    shift: float = 0.0
    margins: LazyMargins = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "margins", LazyMargins(self.booster))


def moment_rows(columns: Columns, moment: str) -> NDArray[np.bool_]:
    """Return a mask of the rows at a moment, shape `(n,)`: an invoice is open from the day after issue."""
    old: NDArray[np.bool_] = np.asarray(columns["invoice_age_days"], np.float64) > 0
    return old if moment == OPEN else ~old


def habit(columns: Columns, share: float, otherwise: float) -> Floats:
    """Return the quantile of the customer's days late on similar invoices, shape `(n,)`."""
    known = np.asarray(columns[HABITS[share]], np.float64)
    return np.where(np.isnan(known), otherwise, known)


def start(columns: Columns, moment: str, share: float, otherwise: float) -> Floats:
    """Return the value that a moment's trees add to, in days, shape `(n,)`."""
    usual = habit(columns, share, otherwise)
    if moment == AT_ISSUE:
        return STARTING_SHARE * usual
    at_least: Floats = np.asarray(columns["days_past_due"], np.float64) + 1
    return np.maximum(usual, at_least)


def days_late(trees: Sequence[DelayTrees], columns: Columns, matrix: Floats) -> Floats:
    """Predict P10, P50 and P90, sorted, shape `(n, 3)`; current days late are a lower bound.

    The median is kept; the other quantiles are clipped to it.

    Parameters
    ----------
    columns, matrix
        The rows' features by name, and those that the trees read, `(n, n_features)`.
    """
    inputs = {name: np.asarray(columns[name], np.float64) for name in READ}
    predicted = np.empty((len(matrix), len(SHARES)))
    for moment in MOMENTS:
        rows = np.flatnonzero(moment_rows(inputs, moment))
        if not len(rows):
            continue
        every = len(rows) == len(matrix)
        asked = inputs if every else {name: values[rows] for name, values in inputs.items()}
        values = matrix if every else matrix[rows]
        for tree in (tree for tree in trees if tree.moment == moment):
            predicted[rows, SHARES.index(tree.share)] = _answer(tree, asked, values)
    past = inputs["days_past_due"]
    low, middle, high = predicted.T
    middle = np.maximum(middle, past)
    return np.stack((np.clip(low, past, middle), middle, np.maximum(high, middle)), axis=1)


def _answer(tree: DelayTrees, columns: Columns, matrix: Floats) -> Floats:
    found = start(columns, tree.moment, tree.share, tree.otherwise)
    found = found + (tree.margins.get().margin(matrix) + tree.shift)
    if tree.share != MEDIAN:
        return found
    if tree.moment == AT_ISSUE:
        usual = habit(columns, MEDIAN, tree.otherwise)
        found = (1 - MEDIAN_SHRINKAGE) * found + MEDIAN_SHRINKAGE * usual
    whole: Floats = np.rint(found) + 0.0  # no -0.0
    return whole
