"""Each check is judged by its bar, and the worst of them is the verdict."""

import numpy as np
import pytest

from models.policy.document import load_policy
from pipelines.training.comparison import ScoredRows
from pipelines.training.findings import verdict
from pipelines.training.findings.days_late import Coverage, DaysLate
from pipelines.training.findings.discrimination import MeasuredFigure
from pipelines.training.findings.drift import Moved
from pipelines.training.findings.leakage import Lottery, SeenBefore
from pipelines.training.findings.monotonicity import Monotonicity
from pipelines.training.findings.peek import Peek
from pipelines.training.findings.single_features import FeatureAuc
from pipelines.training.findings.verdict import Item
from pipelines.training.gate import judge
from pipelines.training.stability import Shift
from tests.pipelines.fake_models import a_period


def judged(*statuses: str) -> str:
    return verdict.outcome([Item("x", status) for status in statuses])


def test_the_worst_check_decides_and_what_was_not_checked_is_to_look_at():
    assert judged("passed", "passed") == "passed"
    assert judged("passed", "unchecked") == "look"
    assert judged("look", "passed", "few") == "few"
    assert judged("few", "failed", "look") == "failed"
    assert judged() == "passed"


def test_a_lottery_passes_up_to_its_bar_and_may_not_have_been_drawn():
    assert verdict.lottery("coins", Lottery(0.52, 0.52, 9, 9)).status == "passed"
    assert verdict.lottery("coins", Lottery(0.53, 0.52, 9, 9)).status == "failed"
    assert verdict.lottery("coins", None).status == "unchecked"


def test_a_row_that_knew_the_future_fails_and_names_its_features():
    failed = verdict.future(Peek(("2026-01-01",), 10, 1, ("open_eur",)))
    assert (failed.status, failed.about, failed.measured) == ("failed", ("open_eur",), 1)
    assert verdict.future(Peek(("2026-01-01",), 10, 0, ())).status == "passed"
    assert verdict.future(None).status == "unchecked"


def test_a_feature_too_good_to_be_true_fails_by_name():
    found = (FeatureAuc("copy", 0.999), FeatureAuc("fair", 0.8))
    assert verdict.too_good(found, 0.99).about == ("copy",)
    assert verdict.too_good(found, 0.99).status == "failed"
    assert verdict.too_good(found[1:], 0.99).status == "passed"
    assert verdict.too_good((), 0.99).status == "few"


def test_questions_learnt_from_matter_where_the_auc_falls_out_of_its_interval_without_them():
    auc = MeasuredFigure(0.8, 0.78, 0.82)
    assert verdict.seen(SeenBefore(9, 0.8, 0.79), auc).status == "passed"
    assert verdict.seen(SeenBefore(9, 0.8, 0.70), auc).status == "look"
    assert verdict.seen(SeenBefore(9, None, None), None).status == "few"


def test_one_step_the_wrong_way_fails():
    assert verdict.signs(Monotonicity(3, 9, 99, 1, (("x", 1),))).status == "failed"
    assert verdict.signs(Monotonicity(3, 9, 99, 0, ())).status == "passed"


def test_what_moved_or_is_off_is_to_look_at_and_does_not_fail():
    assert verdict.stable_score(Shift(0.2, 0.05, 10), 0.1).status == "look"
    assert verdict.stable_score(Shift(0.09, 0.05, 10), 0.1).status == "passed"
    assert verdict.stable_score(None, 0.1).status == "few"
    moved = Moved("x", 0.5, 0.1, 10, True, 0.0, 0.0)
    assert verdict.stable_features([moved]).about == ("x",)
    assert verdict.stable_features([]).status == "passed"
    assert verdict.cold_start(("0",)).status == "look"
    assert verdict.cold_start(()).status == "passed"


@pytest.mark.parametrize(
    ("low", "high", "status"),
    [(-0.1, -0.01, "look"), (-0.1, 0.02, "passed"), (0.01, 0.02, "passed")],
)
def test_a_model_surely_worse_than_its_scorecard_is_to_look_at(low: float, high: float, status: str):
    assert verdict.scorecard(MeasuredFigure((low + high) / 2, low, high)).status == status


def test_there_may_be_no_scorecard():
    assert verdict.scorecard(None).status == "unchecked"


@pytest.mark.parametrize(
    ("low", "high", "status"), [(0.6, 0.7, "look"), (0.7, 0.77, "passed"), (0.86, 0.9, "look")]
)
def test_coverage_is_to_look_at_where_it_surely_misses(low: float, high: float, status: str):
    covered = MeasuredFigure((low + high) / 2, low, high)
    days = DaysLate(99, 99, covered, covered, covered, (Coverage("all", "all", 99, covered, 0.1, 0.1),))
    assert verdict.coverage(days).status == status
    assert verdict.coverage(None).status == "few"


@pytest.mark.parametrize("probability", [None, 0.5])
def test_the_floors_are_the_gates_own_each_with_a_name_and_a_bar(probability: float | None):
    rows, truth = a_period()
    asked = ScoredRows(rows, truth if probability is None else np.full(len(rows), probability))
    items = verdict.floors("default12", asked, load_policy(), 1)
    checks = judge("default12", asked, None, "", load_policy(), 1).checks
    assert [item.measured for item in items] == [check.measured for check in checks]
    assert [item.status == "passed" for item in items] == [check.passed for check in checks]
    assert "floor" not in {item.name for item in items}
    assert all(item.relation and item.bounds for item in items)


def test_too_little_evidence_is_too_few_and_not_a_failure():
    rows, truth = a_period(40)
    (evidence, *_) = verdict.floors("default12", ScoredRows(rows, truth), load_policy(), 1)
    assert (evidence.name, evidence.status) == ("evidence", "few")
