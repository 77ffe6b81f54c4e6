"""Fitting the quantiles of days late: trees by moment and share, then a shift that makes them cover.

The shift is split conformal prediction's (Romano, Patterson and Candès 2019), one side at a time, by moment:
trees fitted on what precedes two later periods answer these, and the quantile of what is left over is added.
Days late are told later than some labels, so the periods are not those of the classifier.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from models.boosting import TreeParams, fit_quantile
from models.days_late import MEDIAN, MOMENTS, SHARES, DelayTrees, moment_rows, start

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from models.features.running import Floats
    from models.features.table import Feature
    from models.rows import Rows

    Shifts = Mapping[tuple[str, float], float]

PERIOD_STARTS = (0.7, 0.85)
"""Where the two later periods begin, as shares of the rows in time."""
MIN_ROWS = 200
"""Under so many rows a moment learns from the rows of every moment."""
_BOUNDS = (-60.0, 120.0)


def fit_delays(
    rows: Rows, features: Sequence[Feature], params: TreeParams, rounds: int, masked: Callable[[Rows], Rows]
) -> Callable[[Rows], tuple[DelayTrees, ...]]:
    """Find the shifts on rows known before the test period; return what fits the trees on any rows.

    Parameters
    ----------
    masked
        Repeats some rows without their history, for whatever is learnt from.
    """
    known = _told(rows)
    shifts = _shifts(known, features, params, rounds, masked)

    def learn(more: Rows) -> tuple[DelayTrees, ...]:
        told = masked(_told(more))
        return tuple(
            _fit(told, moment, share, features, params, rounds, shifts.get((moment, share), 0.0))
            for moment in MOMENTS
            for share in SHARES
        )

    return learn


def _fit(
    rows: Rows,
    moment: str,
    share: float,
    features: Sequence[Feature],
    params: TreeParams,
    rounds: int,
    shift: float = 0.0,
) -> DelayTrees:
    asked = moment_rows(rows.frame, moment)
    mine = rows.take(asked) if asked.sum() >= MIN_ROWS else rows
    otherwise = float(np.quantile(mine.days_late, share))
    target = np.clip(mine.days_late, *_BOUNDS) - start(mine.frame, moment, share, otherwise)
    booster = fit_quantile(_matrix(mine, features), target, share, features, params, rounds)
    return DelayTrees(moment, share, booster, otherwise, shift)


def _shifts(
    rows: Rows, features: Sequence[Feature], params: TreeParams, rounds: int, masked: Callable[[Rows], Rows]
) -> Shifts:
    """Return by moment and quantile what makes it cover its share of later rows; the median stays."""
    left: dict[tuple[str, float], list[Floats]] = {}
    ends = [int(np.quantile(rows.day, share, method="lower")) for share in (*PERIOD_STARTS, 1.0)]
    for end, until in pairwise(ends):
        train, later = masked(rows.take(rows.day <= end)), rows.take((rows.day > end) & (rows.day <= until))
        for moment in MOMENTS:
            held = later.take(moment_rows(later.frame, moment))
            if not len(held):
                continue
            for share in (share for share in SHARES if share != MEDIAN):
                tree = _fit(train, moment, share, features, params, rounds)
                said = start(held.frame, moment, share, tree.otherwise)
                said = said + tree.booster.predict(_matrix(held, features))
                left.setdefault((moment, share), []).append(held.days_late - said)
    return {key: float(np.quantile(np.concatenate(rest), key[1])) for key, rest in left.items()}


def _told(rows: Rows) -> Rows:
    return rows.take(~np.isnan(rows.days_late))


def _matrix(rows: Rows, features: Sequence[Feature]) -> Floats:
    return rows.frame[[feature.name for feature in features]].to_numpy(np.float64)
