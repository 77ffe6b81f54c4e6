"""Components of late payment: trees with the delay as a column, mixed with the customer's own curve.

Each row is repeated for every anchor at which its outcome is known. Trees start part of the way from the
portfolio's base rate at the anchor to the customer's own curve, and are then mixed with that curve: their
share is the one with the lowest loss on later periods, at rolling origins of the same ledger, shrunk to a
half with the weight of `PRIOR_ROWS` rows. With too few outcomes the curve is used alone.

Owns the rows at anchors, the trees' parameters by size of the ledger, and the mixture.
`models.learning.delay_curve` is the curve, `split` divides rows into periods.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from models.features.curves import ANCHORS, COLUMNS, FEATURES, columns_at
from models.features.table import Feature
from models.learning.boosting import TreeParams, fit_classifier
from models.learning.delay_curve import ASKED, DelayCurve, template

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lightgbm import Booster
    from numpy.typing import NDArray

    from models.arrays import Floats, Ints
    from models.learning.rows import TrainingRows

ALWAYS = (0, 5, 15, 30, 60)
"""Anchors at which all rows are used for training, besides the target's own; at others a sample is."""
SOMETIMES = 0.35
MOST_STACKED = 120_000
START_SHARE = 0.3
"""Position between the portfolio's base rate and the customer's curve from which trees start."""
ORIGINS = (0.5, 0.66, 0.82)
"""Rolling origins, as shares of the period of the rows."""
ENOUGH_ROWS, ENOUGH_BAD = 400, 20
"""Smallest numbers of rows and of late ones for trees at an origin."""
PRIOR_SHARE, PRIOR_ROWS = 0.5, 300.0
_SHARES = np.linspace(0.0, 1.0, 21)
BLANK_SHARE = 0.15
"""Share of rows that are repeated without history."""


@dataclass(frozen=True, slots=True, eq=False)
class Stacked:
    """Rows at anchors.

    Parameters
    ----------
    row, anchor
        Index of the row, and of its anchor in `ANCHORS`; shape `(n,)`.
    label
        Whether the payment was later than the anchor, shape `(n,)`.
    """

    row: Ints
    anchor: Ints
    label: Floats

    def take(self, which: NDArray[np.bool_]) -> Stacked:
        """Select rows by mask."""
        return Stacked(self.row[which], self.anchor[which], self.label[which])

    def __len__(self) -> int:
        return len(self.row)


@dataclass(frozen=True, slots=True, eq=False)
class LateData:
    """Rows of late payment prepared for training.

    Parameters
    ----------
    features
        The features that do not depend on the anchor.
    plain
        Their values, shape `(n_rows, n_features)`.
    at_anchor
        The columns of `columns_at` at each anchor, shape `(n_rows, n_anchors, n_columns)`.
    """

    rows: TrainingRows
    days: int
    features: tuple[Feature, ...]
    plain: Floats
    at_anchor: Floats

    @classmethod
    def of(cls, rows: TrainingRows, days: int, features: Sequence[Feature]) -> LateData:
        """Prepare rows; `features` are the candidates, without the columns at anchors."""
        chosen = tuple(one for one in features if one.name not in _AT_ANCHORS)
        plain = rows.frame[[one.name for one in chosen]].to_numpy(np.float64)
        at_anchor = np.stack(
            [rows.frame[columns_at(anchor)].to_numpy(np.float64) for anchor in ANCHORS], axis=1
        )
        return cls(rows, days, chosen, plain, at_anchor)

    def stacked(self, cut: int, which: NDArray[np.bool_], seed: int, most: int = MOST_STACKED) -> Stacked:
        """Return rows at the anchors that are decided by a day, and that they had not passed."""
        drawn = np.random.default_rng(seed)
        reached = self.rows.frame["days_past_due"].to_numpy(np.float64)
        parts: list[tuple[Ints, Ints, Floats]] = []
        for place, anchor in enumerate(ANCHORS):
            label = self.rows.later_than(anchor, cut)
            told = which & ~np.isnan(label) & (reached < anchor)
            if anchor not in (*ALWAYS, self.days):
                told &= drawn.random(len(told)) < SOMETIMES
            row = np.flatnonzero(told)
            parts.append((row, np.full(len(row), place), label[row]))
        row, anchor_place, label = (np.concatenate(part) for part in zip(*parts, strict=True))
        if len(row) > most:
            kept = np.sort(drawn.choice(len(row), most, replace=False))
            row, anchor_place, label = row[kept], anchor_place[kept], label[kept]
        return Stacked(row.astype(np.int64), anchor_place.astype(np.int64), label)

    def own(self, stacked: Stacked) -> Floats:
        """Return the customer's own curve at each anchor, in log-odds, shape `(n,)`."""
        own: Floats = self.at_anchor[stacked.row, stacked.anchor, -1]
        return own

    def matrix(self, stacked: Stacked) -> Floats:
        """Return the trees' inputs, shape `(n, n_columns)`."""
        asked = np.array(ANCHORS, dtype=np.float64)[stacked.anchor]
        near = self.at_anchor[stacked.row, stacked.anchor]
        return np.concatenate((self.plain[stacked.row], near, asked[:, None]), axis=1)

    @property
    def contract(self) -> tuple[Feature, ...]:
        """The features of `matrix`, in order; the delay never raises the probability."""
        near = (_BY_NAME[name] for name in columns_at(ANCHORS[0]))
        named = tuple(replace(one, name=template(one.name, ANCHORS[0])) for one in near)
        asked = Feature(ASKED, "days", -np.inf, np.inf, -1, "invoice", "invoice_age", "", "")
        return (*self.features, *named, asked)


@dataclass(frozen=True, slots=True, eq=False)
class Trees:
    """Trees with the level that they start from, in log-odds at each of `ANCHORS`."""

    booster: Booster
    levels: Floats

    def margin(self, data: LateData, stacked: Stacked) -> Floats:
        """Return the margin of rows at anchors, shape `(n,)`."""
        raw: Floats = self.booster.predict(data.matrix(stacked), raw_score=True)
        return start_margin(self.levels, data, stacked) + raw


def fit_trees(data: LateData, stacked: Stacked, params: TreeParams, rounds: int, blank: LateData) -> Trees:
    """Train trees on rows at anchors.

    Parameters
    ----------
    blank
        The same rows without their history.
    """
    if len(stacked) < MOST_STACKED // 2:
        # Half as many trees with twice the step: equally good on few rows, and twice as fast.
        params, rounds = replace(params, learning_rate=2 * params.learning_rate), max(rounds // 2, 1)
    levels = level_at_anchors(stacked)
    matrix, start = data.matrix(stacked), start_margin(levels, data, stacked)
    label = stacked.label
    if blank is not data:
        chosen = np.random.default_rng(params.seed).random(len(stacked)) < BLANK_SHARE
        masked = stacked.take(chosen)
        matrix = np.concatenate((matrix, blank.matrix(masked)))
        start = np.concatenate((start, start_margin(levels, blank, masked)))
        label = np.concatenate((label, masked.label))
    return Trees(fit_classifier(matrix, label, data.contract, params, rounds, start), levels)


def level_at_anchors(stacked: Stacked) -> Floats:
    """Return the log-odds of the share later than each anchor, non-increasing, shape `(n_anchors,)`."""
    bad = np.bincount(stacked.anchor, stacked.label, len(ANCHORS))
    count = np.bincount(stacked.anchor, minlength=len(ANCHORS))
    levels: Floats = np.log((bad + 0.5) / (count - bad + 0.5))
    return np.minimum.accumulate(levels)


def start_margin(levels: Floats, data: LateData, stacked: Stacked) -> Floats:
    """Return the margin that trees add to, between the portfolio's base rate and the customer's own curve."""
    start: Floats = START_SHARE * data.own(stacked) + (1 - START_SHARE) * levels[stacked.anchor]
    return start


def mix(own: Floats, trees: Floats, share: float) -> Floats:
    """Mix margins of the customer's own curve and of trees."""
    mixed: Floats = (1 - share) * own + share * trees
    return mixed


def curve_of(data: LateData, trees: Trees | None, share: float) -> DelayCurve:
    """Return the curve with a share of trees; the customer's own curve alone without them."""
    if trees is None or share == 0.0:
        return DelayCurve(1.0, (0.0,) * len(ANCHORS))
    return DelayCurve(
        habit_weight=1 - share + share * START_SHARE,
        levels=tuple((share * (1 - START_SHARE) * trees.levels).tolist()),
        booster=trees.booster,
        columns=tuple(one.name for one in data.contract),
        tree_weight=share,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Validated:
    """Result of the validation at rolling origins.

    Parameters
    ----------
    share
        Weight of the trees.
    stacked, own, trees
        The later rows, with the margins of the curve and of their origin's trees.
    periods
        The indices of each origin's later rows, and its trees.
    learnt
        Number of training rows at anchors of the last origin.
    """

    share: float
    stacked: Stacked
    own: Floats
    trees: Floats
    periods: tuple[tuple[Ints, Trees | None], ...]
    learnt: int

    @property
    def margin(self) -> Floats:
        """Return the mixed margins."""
        return mix(self.own, self.trees, self.share)

    def share_for(self, learnt: int) -> float:
        """Return the weight of trees with more training rows: its odds grow with the root of the rows."""
        if not self.learnt or self.share in (0.0, 1.0):
            return self.share
        odds: float = self.share / (1 - self.share) * max(learnt / self.learnt, 1.0) ** 0.5
        return odds / (1 + odds)


def validate(
    data: LateData, blank: LateData, cut: int, params: TreeParams, rounds: int, seed: int
) -> Validated:
    """Predict the rows after each origin by trees trained before, and find the best weight of the trees."""
    day = data.rows.day
    first, last = (int(day.min()), int(day.max())) if len(day) else (0, 0)
    ends = [first + int(share * (last - first)) for share in (*ORIGINS, 1.0)]
    origins: list[tuple[Stacked, Stacked]] = []
    for origin, until in pairwise(ends):
        learnt = data.stacked(origin, day <= origin, seed, MOST_STACKED // 3)
        asked = data.stacked(cut, (day > origin) & (day <= until), seed, MOST_STACKED // 4)
        if can_learn(data, learnt) and len(asked):
            origins.append((learnt, asked))
    periods = [(asked, fit_trees(data, learnt, params, rounds, blank)) for learnt, asked in origins]
    found = [(asked, data.own(asked), trees.margin(data, asked)) for asked, trees in periods]
    if not found:
        later = data.stacked(cut, day > ends[0], seed, MOST_STACKED // 4)
        own = data.own(later)
        return Validated(PRIOR_SHARE, later, own, own, ((later.row, None),), 0)
    stacked = Stacked(
        np.concatenate([one.row for one, _, _ in found]),
        np.concatenate([one.anchor for one, _, _ in found]),
        np.concatenate([one.label for one, _, _ in found]),
    )
    own, trees_said = (np.concatenate([part[k] for part in found]) for k in (1, 2))
    newer = np.concatenate([np.full(len(one), 2.0**place) for place, (one, _, _) in enumerate(found)])
    share = _best_share(stacked.label, own, trees_said, data.rows.owner[stacked.row], newer)
    said = tuple((asked.row, trees) for asked, trees in periods)
    return Validated(share, stacked, own, trees_said, said, len(origins[-1][0]))


def can_learn(data: LateData, stacked: Stacked) -> bool:
    """Return whether rows have enough outcomes for trees, at the target's own delay and overall."""
    at = stacked.label[np.array(ANCHORS)[stacked.anchor] == data.days]
    bad = at.sum()
    anywhere = min(stacked.label.sum(), (1 - stacked.label).sum())
    if len(at) < ENOUGH_ROWS or anywhere < ENOUGH_BAD:
        return False
    return bool(bad >= ENOUGH_BAD or anywhere >= 5 * ENOUGH_BAD)


def _best_share(label: Floats, own: Floats, trees: Floats, owner: Ints, newer: Floats) -> float:
    """Return the trees' weight of least log loss, shrunk to the prior; a customer's rows are down-weighted.

    Parameters
    ----------
    newer
        Weight of a row by origin: trees with more training rows represent the final ones better.
    """
    counts = np.bincount(owner)[owner]
    weight = newer * counts**-0.5
    weight *= len(label) / weight.sum() * (len(np.unique(owner)) / len(label)) ** 0.25
    losses = [
        float((weight * _losses(label, mix(own, trees, share))).sum())
        + 0.5 * PRIOR_ROWS * (share - PRIOR_SHARE) ** 2
        for share in _SHARES
    ]
    return float(_SHARES[int(np.argmin(losses))])


def _losses(label: Floats, margin: Floats) -> Floats:
    losses: Floats = np.logaddexp(0.0, margin) - label * margin
    return losses


_AT_ANCHORS = set(COLUMNS)

_BY_NAME = {one.name: one for one in FEATURES}
