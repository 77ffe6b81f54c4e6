"""Hyperparameters are typed; every fault is named by its key."""

from pathlib import Path

import pytest

from models.errors import ModelError
from models.learning.boosting import TreeParams
from pipelines.training.params import LateParams, Params, load_params

ROOT = Path(__file__).parents[3]


def test_a_missing_file_means_the_defaults(tmp_path: Path):
    assert load_params(tmp_path / "params.yaml") == Params()


def test_the_file_of_the_project_is_read():
    params = load_params(ROOT / "params.yaml")
    assert params.simulate.customers == 2000
    assert sum(params.late.shares) == pytest.approx(1)
    assert sum(params.default.shares) == pytest.approx(1)


def test_faults_are_named_all_at_once(tmp_path: Path):
    path = tmp_path / "params.yaml"
    path.write_text("late: {learning_rate: 7, leaves: 3}\nsimulate: {customers: 0}\n")
    with pytest.raises(ModelError) as caught:
        load_params(path)
    for key in ("late.learning_rate", "late.leaves", "simulate.customers"):
        assert key in str(caught.value)


def test_broken_yaml_is_refused(tmp_path: Path):
    path = tmp_path / "params.yaml"
    path.write_text("late: [")
    with pytest.raises(ModelError, match="cannot be used"):
        load_params(path)


def test_the_default_target_is_split_by_customer_and_the_late_one_is_not():
    params = Params()
    assert params.default.plan("default12").by_customer
    assert not params.late.plan("late30").by_customer


def test_what_the_file_says_of_trees_reaches_them():
    said = {"bagging_fraction": 0.61, "lambda_l2": 2.5, "min_data_in_leaf": 17, "feature_fraction": 0.33}
    trees = LateParams.model_validate(said).plan("late30").trees
    assert {name: getattr(trees, name) for name in said} == said
    assert LateParams().plan("late30").trees == TreeParams(feature_fraction=LateParams().feature_fraction)


def test_the_bars_of_monitoring_are_read_and_kept_in_their_range(tmp_path: Path):
    monitor = load_params(ROOT / "params.yaml").monitor
    assert monitor.model_fields_set >= {"window_days", "score_psi", "drifted_share", "gap_share", "age_days"}
    path = tmp_path / "params.yaml"
    path.write_text("monitor: {window_days: 7, drifted_share: 2}\n")
    with pytest.raises(ModelError, match=r"monitor.window_days.*monitor.drifted_share"):
        load_params(path)
