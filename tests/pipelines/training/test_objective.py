"""What is measured of a set of parameters is log loss on later rows, by question, origin and customer."""

from dataclasses import replace

import numpy as np
import pytest

from models.errors import NotEnoughDataError
from pipelines.training.objective import Objective
from pipelines.training.origins import ORIGINS
from pipelines.training.plan import FitPlan
from tests.models.fitted import TREES, fitted

LATE = FitPlan("late30", TREES)
DEFAULT = FitPlan("default12", replace(TREES, max_rounds=20), by_customer=True)


def test_a_folds_losses_are_those_of_its_questions_and_better_than_saying_the_share():
    objective = Objective.of(fitted().late_rows, LATE)
    for fold in objective.folds:
        losses = objective.losses(fold, TREES)
        assert losses.shape == (fold.asked.sum(),)
        label, share = objective.label[fold.asked], objective.label[fold.learn].mean()
        said = -np.mean(label * np.log(share) + (1 - label) * np.log1p(-share))
        assert losses.mean() < said


def test_what_comes_after_a_fold_changes_nothing_in_what_it_answers():
    rows = fitted().late_rows
    objective = Objective.of(rows, LATE)
    fold = objective.folds[0]
    label = np.where(fold.learn | fold.stop, rows.label, 0.0)
    other = Objective.of(replace(rows, label=np.where(fold.asked, 1.0, label)), LATE)
    asked = objective.label[fold.asked] == 1
    same = other.losses(other.folds[0], TREES)[asked]
    assert np.array_equal(same, objective.losses(fold, TREES)[asked])


def test_totals_by_customer_and_means_by_origin_say_the_same_as_the_mean():
    objective = Objective.of(fitted().default_rows, DEFAULT)
    rng = np.random.default_rng(1)
    losses = [rng.exponential(0.2, int(fold.asked.sum())) for fold in objective.folds]
    found = objective.measured(losses)
    assert found.loss == pytest.approx(np.concatenate(losses).mean())
    assert sum(found.by_customer) == pytest.approx(np.concatenate(losses).sum())
    counts = [sum(int(f.asked.sum()) for f in objective.folds if f.origin == k) for k in range(ORIGINS)]
    assert np.average(found.by_origin, weights=counts) == pytest.approx(found.loss)
    assert objective.questions.sum() == sum(counts)
    assert len(objective.questions) == len(found.by_customer) == len(np.unique(fitted().default_rows.owner))
    assert not np.array(found.by_customer)[objective.questions == 0].any()


def test_questions_of_one_outcome_are_refused():
    rows = fitted().late_rows
    first = min(rows.day[fold.asked].min() for fold in Objective.of(rows, LATE).folds)
    with pytest.raises(NotEnoughDataError, match="one outcome"):
        Objective.of(replace(rows, label=np.where(rows.day >= first, 0.0, rows.label)), LATE)
