"""Whether a model predicts what cannot be foreseen: outcomes that were dealt out anew.

The permutation test of Ojala and Garriga (2010): outcomes are dealt out anew by lot, of the rows learnt from
and of the rows asked about, the fit is made again, and what it ranks better than chance has leaked from one
side to the other. Lots are drawn by subject: an invoice asked about twice keeps one fate, and a model that
recognises it is found out. The new outcomes are judged by, not the true ones: against these even a model of
noise ranks, since a monotone feature can only ever point the true way. Owns these lots; the single feature
that tells too much is `single_features`', a future that shines through `peek`'s.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from models.errors import NotEnoughDataError
from models.learning.boosting import fit_classifier
from pipelines.training.findings.single_features import auc_by_ranks
from pipelines.training.split import customer_folds

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from models.arrays import Floats
    from models.features.table import Feature
    from models.learning.boosting import TreeParams
    from models.learning.rows import TrainingRows

    Bools = NDArray[np.bool_]
    Deal = Callable[[np.random.Generator], Floats]

ROUNDS = 50
"""Few: enough to recognise what repeats, and quickly done."""
ROWS = 20_000
"""How many rows are learnt from: the last before the test period, whose invoices stand on both sides."""
DRAWS = 500
LEVEL = 0.99
"""How seldom chance alone exceeds the bar: 1 in 100."""
HALVES = 2
"""Where customers are kept apart, one half is asked about and the other learnt from. Both ways round would
count one draw twice: who resembles whom is the same from either side."""


@dataclass(frozen=True, slots=True)
class Lottery:
    """How well outcomes dealt out by lot were ranked, and what chance exceeds once in 100."""

    auc: float
    bar: float
    learnt_from: int
    asked: int

    @property
    def passed(self) -> bool:
        """Whether no more was predicted than chance allows."""
        return self.auc <= self.bar


@dataclass(frozen=True, slots=True)
class SeenBefore:
    """Test rows about a subject whose outcome had been learnt, and the AUC of all rows and without them."""

    rows: int
    auc: float | None
    auc_without: float | None


@dataclass(frozen=True, slots=True)
class Trial:
    """What a fit on new outcomes needs to know of the true one.

    Parameters
    ----------
    test
        Which rows are asked about, shape `(n_rows,)`.
    by_customer
        Whether a customer's rows never stand on both sides.
    """

    features: Sequence[Feature]
    trees: TreeParams
    test: Bools
    by_customer: bool
    seed: int


def shuffled_labels(rows: TrainingRows, trial: Trial) -> Lottery | None:
    """Give each subject the outcomes of another; None where too few rows can be learnt from.

    Two subjects may have been asked about for different times: the shorter history is then repeated.
    """
    some, test = _recent(rows, trial)
    order, begins, sizes = _blocks(some)
    block = np.repeat(np.arange(len(begins)), sizes)
    place = np.arange(len(order)) - begins[block]
    label = some.label[order]

    def deal(rng: np.random.Generator) -> Floats:
        donor = rng.permutation(len(begins))[block]
        dealt = np.empty(len(order))
        dealt[order] = label[begins[donor] + place % sizes[donor]]
        return dealt

    return _drawn(some, test, deal, trial)


def tossed_coins(rows: TrainingRows, trial: Trial) -> Lottery | None:
    """Toss a coin for each subject; None where too few rows can be learnt from."""
    some, test = _recent(rows, trial)
    _, subject = np.unique(some.subject.astype(str), return_inverse=True)
    count = int(subject.max()) + 1

    def deal(rng: np.random.Generator) -> Floats:
        return (rng.random(count) < 0.5).astype(np.float64)[subject]

    return _drawn(some, test, deal, trial)


def seen_before(rows: TrainingRows, trial: Trial, probability: Floats) -> SeenBefore:
    """Count test rows about a subject that was learnt from, and measure without them.

    An invoice that was asked about at its issue, before the test period, may be asked about again within it.

    Parameters
    ----------
    probability
        Answers on the test rows, shape `(n_test_rows,)`.
    """
    test = rows.take(trial.test)
    again = np.isin(test.subject.astype(str), rows.subject[~trial.test].astype(str))
    if trial.by_customer:
        again[:] = False
    without = auc_by_ranks(probability[~again], test.label[~again])
    return SeenBefore(int(again.sum()), auc_by_ranks(probability, test.label), without)


def _recent(rows: TrainingRows, trial: Trial) -> tuple[TrainingRows, Bools]:
    """Return the last rows before the test period and those within it, and which are asked about."""
    before = np.flatnonzero(~trial.test)
    last = before[np.argsort(rows.day[before], kind="stable")[-ROWS:]]
    chosen = np.sort(np.concatenate((last, np.flatnonzero(trial.test))))
    return rows.take(chosen), trial.test[chosen]


def _blocks(rows: TrainingRows) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return an order that brings each subject's rows together in time, where each begins, and its size."""
    _, subject = np.unique(rows.subject.astype(str), return_inverse=True)
    order = np.lexsort((rows.day, subject))
    sizes = np.bincount(subject)
    return order, np.cumsum(sizes) - sizes, sizes


def _drawn(rows: TrainingRows, test: Bools, deal: Deal, trial: Trial) -> Lottery | None:
    rng = np.random.default_rng(trial.seed)
    learn, asked = ~test, test
    if trial.by_customer:
        half = customer_folds(rows.owner, HALVES, trial.seed) == 0
        learn, asked = ~test & ~half, test & half
    dealt = deal(rng)
    try:
        scores = _scores(rows, dealt, learn, asked, trial)
    except NotEnoughDataError:
        return None
    auc = auc_by_ranks(scores, dealt[asked])
    chance = [auc_by_ranks(scores, deal(rng)[asked]) for _ in range(DRAWS)]
    known = [drawn for drawn in chance if drawn is not None]
    if auc is None or not known:
        return None
    bar = float(np.quantile(known, LEVEL))
    return Lottery(auc, bar, int(learn.sum()), int(asked.sum()))


def _scores(rows: TrainingRows, label: Floats, learn: Bools, asked: Bools, trial: Trial) -> Floats:
    """Learn the new outcomes of some rows and score others, shape `(n_asked_rows,)`."""
    if not learn.any() or not asked.any():
        raise NotEnoughDataError("no row is left to learn from, or none to ask about")
    matrix = rows.frame[[feature.name for feature in trial.features]].to_numpy(np.float64)
    # One thread: so few rows are learnt faster alone than by two that wait for each other.
    trees = replace(trial.trees, seed=trial.seed, threads=1)
    booster = fit_classifier(matrix[learn], label[learn], trial.features, trees, ROUNDS)
    scores: Floats = booster.predict(matrix[asked])
    return scores
