"""Training of default within 12 months: published components first, the ledger's own as far as validated.

A margin is a weighted sum of three components: published statistics (`models.learning.starter.default`), a
regularised regression around them, and LightGBM. Rolling origins determine the weights
(`pipelines.training.forward`): the ledger's components predict later rows of customers that they were not
trained on. The weights are non-negative and have a prior, so that a handful of defaults changes them little;
the level is Bayesian too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.errors import NotEnoughDataError
from models.features.build import CUSTOMER_FEATURES
from models.features.table import names
from models.learning.additive import AdditiveModel, Boosted, columns_read
from models.learning.artifact import FittedModel, paid_invoices, with_facts
from models.learning.boosting import fit_classifier
from models.learning.starter.default import published_components
from models.published.statistics import load_statistics
from pipelines.training.corrections import fit_corrections, scaled
from pipelines.training.forward import (
    answer_forward,
    fit_weights,
    log_odds,
    matrix,
    with_masked,
)
from pipelines.training.level import failing, fit_level, row_weight
from pipelines.training.plan import Fit, known_features
from pipelines.training.split import PeriodSplit, customer_folds, split

if TYPE_CHECKING:
    from models.arrays import Floats
    from models.learning.additive import Line, Steps
    from models.learning.calibration import Calibration
    from models.learning.rows import TrainingRows
    from models.published.default_statistics import DefaultStatistics
    from pipelines.training.plan import FitPlan

COMPONENTS = ("published", "corrections", "trees")
FEW, ENOUGH = 15, 30
"""Numbers of defaulted customers from which corrections and trees may be used."""
TEST_FOLDS = 5
"""Number of customer folds of the test period, each predicted by models not trained on it."""
OWN_SLOPE = 0.05
"""Prior standard deviation of the slope of a weighted margin around 1."""
_HISTORY = "n_paid_all"
"""Column that the calibration reads besides the margin."""


@dataclass(frozen=True, slots=True)
class DefaultRecipe:
    """Result of the forward validation.

    Parameters
    ----------
    weights
        By component, in the order of `COMPONENTS`.
    shift
        Added to the weighted margins; own components enter less the log-odds of their training rows.
    rounds
        Number of boosting rounds.
    """

    weights: tuple[float, float, float]
    shift: float
    rounds: int
    calibration: Calibration

    @property
    def is_own(self) -> bool:
        """Whether the ledger's own components are used, besides its level."""
        return any(self.weights[1:])


def fit_default(rows: TrainingRows, plan: FitPlan) -> Fit:
    """Train the model; with too few rows or defaults for a component, it is left out.

    Raises
    ------
    NotEnoughDataError
        There are no rows.
    """
    statistics = load_statistics().default
    parts = split_or_all(rows, plan)
    before, test = rows.take(~parts.test), rows.take(parts.test)
    recipe = find_recipe(before, plan, statistics)
    tested = kept = learn(before, recipe, plan, statistics)
    if plan.refit and len(test):
        whole = recipe if recipe.is_own else find_recipe(rows, plan, statistics)
        kept = learn(rows, whole, plan, statistics)
    return Fit(tested, kept, parts, _test_answers(tested, before, test, recipe, plan, statistics))


def split_or_all(rows: TrainingRows, plan: FitPlan) -> PeriodSplit:
    """Split rows by time, without a test period where they are too few for one.

    Raises
    ------
    NotEnoughDataError
        There are no rows.
    """
    try:
        return split(rows, plan.shares)
    except NotEnoughDataError:
        if not len(rows):
            raise
    none, last = np.zeros(len(rows), dtype=bool), int(rows.day.max())
    return PeriodSplit(~none, none, none, none, (last, last, last, last))


def find_recipe(rows: TrainingRows, plan: FitPlan, statistics: DefaultStatistics) -> DefaultRecipe:
    """Determine the components' weights by forward validation, and the calibration of their sum."""
    failed, paid, unsure = failing(rows.label, rows.owner), paid_invoices(rows.frame), statistics.uncertainty
    starter = _published(statistics).margin(rows.frame[names(CUSTOMER_FEATURES)].to_numpy(np.float64))
    if failed >= FEW:
        seen = answer_forward(rows, starter, plan, with_trees=failed >= ENOUGH)
        if failing(seen.label, seen.owner) and not seen.label.all():
            weights, shift = fit_weights(seen, unsure.level)
            margin = seen.margins @ np.array(weights) + shift
            # The weights already contain the information on the slope in these rows.
            left = unsure.model_copy(update={"slope": OWN_SLOPE})
            calibration = fit_level(margin, seen.label, seen.paid, seen.owner, left)
            return DefaultRecipe(weights, shift, seen.rounds, calibration)
    return DefaultRecipe((1.0, 0.0, 0.0), 0.0, 0, fit_level(starter, rows.label, paid, rows.owner, unsure))


def learn(
    rows: TrainingRows, recipe: DefaultRecipe, plan: FitPlan, statistics: DefaultStatistics
) -> FittedModel:
    """Train the used components on all rows and combine them."""
    published, corrections, trees = recipe.weights
    start, public = published_components(statistics)
    features = known_features(rows, CUSTOMER_FEATURES)
    added, whole, boosted = recipe.shift, published, []
    simple: tuple[Line | Steps, ...] = ()
    failed = failing(rows.label, rows.owner)
    if recipe.is_own:
        added -= (corrections + trees) * log_odds(rows.label)
    if corrections:
        starter = _published(statistics).margin(rows.frame[names(CUSTOMER_FEATURES)].to_numpy(np.float64))
        weight = row_weight(rows.label, rows.owner)
        own = fit_corrections(starter, rows.frame, rows.label, weight, features)
        added, whole = added + corrections * own.intercept, published + corrections * own.starter
        simple = scaled(own.steps, corrections)
    if trees:
        frame, label = with_masked(rows, plan)
        booster = fit_classifier(matrix(frame, features), label, features, plan.trees, recipe.rounds)
        boosted = [Boosted("trees", booster, tuple(names(features)), trees)]
    simple = (*scaled(public, whole), *simple)
    read = {*columns_read(simple, boosted), _HISTORY}
    columns = tuple(name for name in names(CUSTOMER_FEATURES) if name in read)
    additive = AdditiveModel(added + whole * start, columns, simple, tuple(boosted))
    rests_on = "own" if recipe.is_own and failed >= ENOUGH else "level" if failed else "published"
    weights = dict(zip(COMPONENTS, recipe.weights, strict=True))
    model = FittedModel("default12", additive, recipe.calibration)
    return with_facts(model, rests_on=rests_on, weights=weights, failures=failed, enough=ENOUGH)


def _published(statistics: DefaultStatistics) -> AdditiveModel:
    start, public = published_components(statistics)
    return AdditiveModel(start, tuple(names(CUSTOMER_FEATURES)), public)


def _test_answers(
    tested: FittedModel,
    before: TrainingRows,
    test: TrainingRows,
    recipe: DefaultRecipe,
    plan: FitPlan,
    statistics: DefaultStatistics,
) -> Floats:
    """Predict the test period, each customer by a model not trained on it."""
    if not recipe.is_own or not len(test):
        return tested.probability(test.frame) if len(test) else np.array([])
    answers = np.empty(len(test))
    own, theirs = (customer_folds(rows.owner, TEST_FOLDS, plan.trees.seed) for rows in (test, before))
    folds = np.unique(own).tolist()

    def without(fold: int) -> FittedModel:
        others = before.take(theirs != fold)
        both = 0 < others.label.sum() < len(others)
        return learn(others, recipe, plan, statistics) if both else tested

    for fold in folds:
        asked = own == fold
        answers[asked] = without(fold).probability(test.frame[asked])
    return answers
