"""Leakage test: whether a model predicts randomly reassigned outcomes.

The permutation test of Ojala and Garriga (2010): outcomes are reassigned at random, in the training rows and
in the test rows, the model is trained again, and any discrimination beyond chance is leakage from one side to
the other. Outcomes are drawn by subject: an invoice with two rows keeps one outcome, and a model that
recognises it is detected. Performance is measured on the new outcomes, not the true ones: on these even a
model of noise ranks, as a monotone feature can only point in the true direction. Owns this test;
`single_features` tests features alone, and `peek` future information.
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
"""Few rounds: enough to recognise repeated subjects, and fast."""
ROWS = 20_000
"""Number of training rows: the last before the test period, whose invoices occur on both sides."""
DRAWS = 500
LEVEL = 0.99
"""Quantile of the threshold: chance alone exceeds it 1 time in 100."""
HALVES = 2
"""Number of customer groups: with separate customers, one is tested and the other trained on. Both directions
would count one draw twice, as similarity between customers is symmetric."""


@dataclass(frozen=True, slots=True)
class Lottery:
    """AUC on randomly reassigned outcomes, with the threshold that chance exceeds once in 100."""

    auc: float
    bar: float
    learnt_from: int
    asked: int

    @property
    def passed(self) -> bool:
        """Whether the AUC is within chance."""
        return self.auc <= self.bar


@dataclass(frozen=True, slots=True)
class SeenBefore:
    """Test rows of subjects in the training rows, and the AUC with and without them."""

    rows: int
    auc: float | None
    auc_without: float | None


@dataclass(frozen=True, slots=True)
class Trial:
    """Settings of the original fit that a fit on new outcomes needs.

    Parameters
    ----------
    test
        Mask of the test rows, shape `(n_rows,)`.
    by_customer
        Whether a customer's rows are all on one side.
    """

    features: Sequence[Feature]
    trees: TreeParams
    test: Bools
    by_customer: bool
    seed: int


def shuffled_labels(rows: TrainingRows, trial: Trial) -> Lottery | None:
    """Permute outcomes between subjects; None with too few training rows.

    Where two subjects have histories of different length, the shorter one is repeated.
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
    """Draw a random outcome for each subject; None with too few training rows."""
    some, test = _recent(rows, trial)
    _, subject = np.unique(some.subject.astype(str), return_inverse=True)
    count = int(subject.max()) + 1

    def deal(rng: np.random.Generator) -> Floats:
        return (rng.random(count) < 0.5).astype(np.float64)[subject]

    return _drawn(some, test, deal, trial)


def seen_before(rows: TrainingRows, trial: Trial, probability: Floats) -> SeenBefore:
    """Count test rows of subjects in the training rows, and measure the AUC without them.

    An invoice with a row at its issue before the test period may have another one within it.

    Parameters
    ----------
    probability
        Predictions on the test rows, shape `(n_test_rows,)`.
    """
    test = rows.take(trial.test)
    again = np.isin(test.subject.astype(str), rows.subject[~trial.test].astype(str))
    if trial.by_customer:
        again[:] = False
    without = auc_by_ranks(probability[~again], test.label[~again])
    return SeenBefore(int(again.sum()), auc_by_ranks(probability, test.label), without)


def _recent(rows: TrainingRows, trial: Trial) -> tuple[TrainingRows, Bools]:
    """Return the last rows before the test period with those within it, and the mask of the latter."""
    before = np.flatnonzero(~trial.test)
    last = before[np.argsort(rows.day[before], kind="stable")[-ROWS:]]
    chosen = np.sort(np.concatenate((last, np.flatnonzero(trial.test))))
    return rows.take(chosen), trial.test[chosen]


def _blocks(rows: TrainingRows) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return an order that groups rows by subject and day, with each subject's start and size."""
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
    """Train on the new outcomes of some rows and score others, shape `(n_asked_rows,)`."""
    if not learn.any() or not asked.any():
        raise NotEnoughDataError("no row is left to learn from, or none to ask about")
    matrix = rows.frame[[feature.name for feature in trial.features]].to_numpy(np.float64)
    # One thread: with so few rows, two threads would spend their time waiting for each other.
    trees = replace(trial.trees, seed=trial.seed, threads=1)
    booster = fit_classifier(matrix[learn], label[learn], trial.features, trees, ROUNDS)
    scores: Floats = booster.predict(matrix[asked])
    return scores
