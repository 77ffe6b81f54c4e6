"""The ranges hold the defaults and only what may be trained with."""

from dataclasses import asdict, replace

import optuna
import pytest

from models.learning.boosting import TreeParams
from pipelines.training.params import LateParams, Params, TrainParams
from pipelines.training.params_file import changed
from pipelines.training.search_space import SPACE, parameters_of, space_with, suggest

TREES = TreeParams()


@pytest.mark.parametrize("end", ["low", "high"])
def test_the_ends_of_every_range_may_be_written_into_the_parameters(end: str):
    values = {one.name: int(getattr(one, end)) if one.whole else getattr(one, end) for one in SPACE}
    for section in ("late", "default"):
        kept = getattr(changed(Params(), section, values), section)
        assert {name: getattr(kept, name) for name in values} == values


def test_no_tree_becomes_too_deep_to_explain():
    (depth,) = (one for one in SPACE if one.name == "max_depth")
    assert depth.high == 6


def test_what_is_searched_is_what_the_trees_and_the_file_know():
    names = {one.name for one in SPACE}
    assert names <= set(asdict(TREES))
    assert names <= set(TrainParams.model_fields) <= set(LateParams.model_fields)
    assert not names & {"masked_share", "max_rounds", "seed"}


def test_a_default_out_of_range_draws_the_range_out():
    trees = replace(TREES, learning_rate=0.4, lambda_l2=0.0, max_depth=1)
    held = {one.name: one for one in space_with(trees)}
    assert (held["learning_rate"].low, held["learning_rate"].high) == (0.005, 0.4)
    assert held["max_depth"].low == 1
    assert held["lambda_l2"].low == 0.0
    assert not held["lambda_l2"].log, "no ratio leads to 0"
    assert held["learning_rate"].log


def test_suggestions_have_three_figures_and_defaults_stand_as_they_are():
    trees = replace(TREES, learning_rate=0.0312345)
    space = space_with(trees)
    drawn = suggest(
        optuna.trial.FixedTrial({**parameters_of(trees, space), "lambda_l2": 1.23456}), space, trees
    )
    assert drawn["lambda_l2"] == 1.23
    assert drawn["learning_rate"] == 0.0312345
    assert isinstance(drawn["num_leaves"], int)
    assert parameters_of(replace(trees, **drawn), space) == drawn
